//! Whether a script, or a configuration of a tool that owns hooks, calls the check.

/// How far behind the program's name its subcommand stands at most: options may come between.
const REACH: usize = 5;

/// Whether the text calls `phone-dir hook run`, `phone-dir validate --staged` or the hook of `.pre-commit-hooks.yaml`, in whatever
/// language it is: as words of a line, or as a list of texts. What stands in comments calls nothing.
pub fn in_text(text: &str) -> bool {
    let lines = text.lines().filter(|line| !is_comment(line)).map(without_comment);
    let words: Vec<String> = lines.flat_map(words_of).collect();
    let is_program = |word: &str| {
        let name = word.rsplit(['/', '\\']).next().unwrap_or_default();
        matches!(name.strip_suffix(".exe").unwrap_or(name), "phone-dir")
    };
    words.iter().enumerate().any(|(at, word)| {
        let is_id = at > 0 && words[at - 1] == "id" && word == "phone-dir";
        is_id || is_program(word) && asks_for_the_check(words.get(at + 1..).unwrap_or_default())
    })
}

fn asks_for_the_check(words: &[String]) -> bool {
    let near = &words[..words.len().min(REACH)];
    let runs = near.windows(2).any(|pair| pair[0] == "hook" && pair[1] == "run");
    runs || near.iter().any(|word| word == "validate") && near.iter().any(|word| word == "--staged")
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    ["#", "//", "--", "rem ", "REM ", "echo ", "printf "].iter().any(|begin| line.starts_with(begin))
}

fn without_comment(line: &str) -> &str {
    line.find(" #").map_or(line, |at| &line[..at])
}

fn words_of(line: &str) -> Vec<String> {
    let is_part = |letter: char| letter.is_alphanumeric() || "-_./\\$~{}%".contains(letter);
    let words = line.split(|letter| !is_part(letter)).filter(|word| !word.is_empty() && *word != "-");
    words.map(|word| word.trim_matches(['{', '}']).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_found_in_whatever_form_it_is_written() {
        for text in [
            "phone-dir hook run\n",
            "exec \"$HOME/.cargo/bin/phone-dir\" hook run pre-commit \"$@\"",
            "phone-dir.exe -C apps/voice hook run || exit",
            "retell phone-dir hook run",
            "subprocess.run(['phone-dir', 'hook', 'run'], check=True)",
            "pre-commit: {commands: {phone-dir: {run: phone-dir hook run}}}",
            "command: [phone-dir, hook, run]",
            "command:\n  - phone-dir\n  - hook\n  - run\n",
            "{\"simple-git-hooks\": {\"pre-commit\": \"phone-dir hook run && npx lint-staged\"}}",
            "repos:\n- repo: https://example.com/phone-dir\n  hooks:\n  - id: phone-dir\n",
            "phone-dir validate --strict --staged",
        ] {
            assert!(in_text(text), "{text}");
        }
    }

    #[test]
    fn a_comment_a_message_and_another_subcommand_call_nothing() {
        for text in [
            "# phone-dir hook run\n",
            "  // phone-dir hook run",
            "echo 'install it with: phone-dir hook run'",
            "make check # later: phone-dir hook run",
            "phone-dir status\nphone-dir report\n",
            "phone-dir hook status",
            "not-phone-dir hook run",
            "{\"devDependencies\": {\"phone-dir\": \"1\"}}",
            "print('phone-dir validate')",
        ] {
            assert!(!in_text(text), "{text}");
        }
    }
}
