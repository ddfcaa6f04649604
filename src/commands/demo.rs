//! `phone-dir demo [DIR]`

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Process;

use anstyle::{AnsiColor, Style};
use clap::{Args, Parser};

use super::{Exit, Session, setup};
use crate::commands::cli::Cli;
use crate::error::{Error, Result};
use crate::model::paths;
use crate::sandbox::{self, AgentFolder, CallTraffic, Clock, RunningSandbox, Sandbox, SandboxOptions};

/// Make a project in an empty folder and run the whole story on the built-in sandbox
///
/// No account and no network: init, sync, validate; a change in Retell's dashboard, which a sync follows; a decision in git,
/// which is reviewed and applied; the history of both; and calls.
/// The folder is a real project to play in afterwards. A folder that an earlier demo made is made anew.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The folder to make
    #[arg(value_name = "DIR", default_value = "phone-dir-demo")]
    folder: PathBuf,
}

/// The line that moves in the dashboard while the story runs.
const MOVED_NUMBER: &str = "+14155550101";
const MOVED_TO: &str = "sales-agent";
/// The line that is given another agent in git.
const DECIDED_NUMBER: &str = "+14155550104";
const DECIDED: &str = "agents/support-tier2";

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let folder = session.start.join(&arguments.folder);
    make_empty_folder(&folder)?;
    let sandbox = Sandbox::start(SandboxOptions {
        clock: Clock::Stepping(session.now.to_datetime()),
        calls: Some(CallTraffic { per_day: 20, days: 30 }),
        ..SandboxOptions::default()
    })?;
    let story = Story { session, folder: folder.clone(), sandbox };
    story.tell()?;
    session.print(&session.fitted(&what_next(&arguments.folder, &setup::program(session)?.call())))?;
    Ok(Exit::Done)
}

/// Says of a folder that a demo made it, so that another may take its place.
const MARK: &str = ".git/phone-dir-demo";

fn make_empty_folder(folder: &Path) -> Result<()> {
    if folder.join(MARK).is_file() {
        fs::remove_dir_all(folder).map_err(|error| Error::io("remove", folder, error))?;
    }
    fs::create_dir_all(folder).map_err(|error| Error::io("make", folder, error))?;
    let mut entries = fs::read_dir(folder).map_err(|error| Error::io("read", folder, error))?;
    if entries.next().is_some() {
        return Err(Error::failed(format!("`{}` is not empty", folder.display()))
            .hint("choose a new folder: `phone-dir demo DIR`"));
    }
    Ok(())
}

/// The demo as it runs: a folder, a sandbox, and one step after the other.
struct Story<'a> {
    session: &'a Session,
    folder: PathBuf,
    sandbox: RunningSandbox,
}

impl Story<'_> {
    fn tell(&self) -> Result<()> {
        self.explain("A project with agents in a git repository. The sandbox plays Twilio and Retell.")?;
        self.git(&["init", "--quiet"])?;
        self.mark()?;
        self.identify()?;
        for agent in sandbox::agent_folders() {
            self.write_agent(&agent)?;
        }
        self.explain("Make the directory's folders and files. Nothing that is there is ever overwritten.")?;
        self.phone_dir(&["init", "--quiet"])?;
        self.explain("Read both providers. The first time, the files are written for you to review, not committed.")?;
        self.phone_dir(&["sync", "--all"])?;
        self.explain("Check every file, and the files against each other and the agents' folders.")?;
        self.phone_dir(&["validate"])?;
        self.explain("Reviewed: commit it. From now on every sync that finds a change commits itself.")?;
        self.git(&["add", "."])?;
        self.git(&["commit", "--quiet", "--message", "Start the phone number directory"])?;
        self.explain(&format!(
            "Meanwhile, in Retell's dashboard, production's {MOVED_NUMBER} is bound to {MOVED_TO} …"
        ))?;
        self.sandbox.reassign("production", MOVED_NUMBER, MOVED_TO)?;
        self.explain("… and the hourly sync finds it.")?;
        self.phone_dir(&["sync", "--all"])?;
        self.explain("The other way round: the team decides in git who answers. No provider is asked.")?;
        self.phone_dir(&["edit", DECIDED_NUMBER, "-w", "production", "--inbound-agent", DECIDED])?;
        self.explain("What the reviewer of the pull request reads: what `apply` will do once it is merged.")?;
        self.phone_dir(&["plan", "--recorded"])?;
        self.explain("Merged. Until it is applied, syncs keep the decision, and every answer says what callers hear.")?;
        self.phone_dir(&["sync", "--all"])?;
        self.explain("Bring it to Retell: each item is sent once, read back, and written down.")?;
        self.phone_dir(&["apply", "--yes"])?;
        self.explain("And git knows what changed, when, and by whom.")?;
        self.phone_dir(&["history", "--limit", "3"])?;
        self.explain("What happens on these numbers? Calls are read into a store on this machine, never into git …")?;
        self.phone_dir(&["usage", "pull", "--since", "30d"])?;
        self.explain("… and counted there.")?;
        self.phone_dir(&["usage", "--by", "agent", "--workspace", "production"])
    }

    /// Marks the folder as the demo's, and as a project of its own, also inside of another project.
    fn mark(&self) -> Result<()> {
        let mark = self.folder.join(MARK);
        fs::write(&mark, "").map_err(|error| Error::io("write", &mark, error))?;
        let project = self.folder.join(paths::FOLDER);
        fs::create_dir_all(&project).map_err(|error| Error::io("make", &project, error))
    }

    fn explain(&self, text: &str) -> Result<()> {
        let style = Style::new().bold();
        self.session.print(&self.session.fitted(&format!("\n{style}# {text}{style:#}\n")))
    }

    fn announce(&self, command: &str) -> Result<()> {
        let style = AnsiColor::Cyan.on_default();
        self.session.print(&format!("{style}$ {command}{style:#}\n"))
    }

    /// Runs a command of this program as its user would, with the sandbox's environment.
    fn phone_dir(&self, words: &[&str]) -> Result<()> {
        self.announce(&format!("phone-dir {}", words.join(" ")))?;
        let line = std::iter::once(&"phone-dir").chain(words).map(OsString::from);
        let cli = Cli::try_parse_from(line)
            .map_err(|error| Error::failed("the demo's own command is wrong").caused_by(error))?;
        let mut environment = self.session.environment.clone();
        environment
            .extend(sandbox::environment(&self.sandbox).into_iter().map(|(name, value)| (name.into(), value.into())));
        let session =
            Session { start: self.folder.clone(), environment, quiet: cli.global.quiet, ..self.session.clone() };
        cli.command.run(&session).map(drop)
    }

    fn git(&self, words: &[&str]) -> Result<()> {
        let shown: Vec<_> = words
            .iter()
            .map(|word| if word.contains(' ') { format!("\"{word}\"") } else { (*word).to_owned() })
            .collect();
        self.announce(&format!("git {}", shown.join(" ").replace("--no-pager ", "")))?;
        let status = self.git_program(words).status().map_err(|error| {
            Error::failed("cannot run `git`").caused_by(error).hint("install git, and see that it is on the PATH")
        })?;
        if status.success() { Ok(()) } else { Err(Error::failed(format!("`git {}` failed", words[0]))) }
    }

    fn git_program(&self, words: &[&str]) -> Process {
        let mut git = Process::new("git");
        git.arg("-C").arg(&self.folder).args(words);
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
            git.env_remove(name);
        }
        git
    }

    /// Gives the demo's repository a name to commit with, if its user has none.
    fn identify(&self) -> Result<()> {
        let known = self.git_program(&["-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"]).output();
        if known.is_ok_and(|output| output.status.success()) {
            return Ok(());
        }
        self.git(&["config", "user.name", "phone-dir demo"])?;
        self.git(&["config", "user.email", "demo@example.com"])
    }

    fn write_agent(&self, agent: &AgentFolder) -> Result<()> {
        let folder = self.folder.join(&agent.path);
        fs::create_dir_all(&folder).map_err(|error| Error::io("make", &folder, error))?;
        let mut files =
            vec![("agent".to_owned(), serde_json::json!({ "agent_name": agent.name, "channel": agent.channel }))];
        files.extend(
            agent.ids.iter().map(|(workspace, id)| ((*workspace).to_owned(), serde_json::json!({ "agent_id": id }))),
        );
        for (name, content) in files {
            let path = folder.join(format!("{name}.json"));
            let text = crate::model::canonical::to_text(&content);
            fs::write(&path, text).map_err(|error| Error::io("write", &path, error))?;
        }
        Ok(())
    }
}

fn what_next(folder: &Path, program: &str) -> String {
    let shown = folder.display();
    let go_on = commands(
        program,
        &[
            ("list", "every number, in every workspace"),
            (&format!("show {MOVED_NUMBER}"), "one number in full"),
            ("diff staging production", "does production match staging?"),
            ("unassigned", "the lines that no voice agent answers"),
            ("history", "every change, in words"),
            ("status", "where things stand"),
        ],
    );
    let sync = commands(program, &[("sandbox", "in another terminal"), ("sync --all", "in this one")]);
    let calls = commands(
        program,
        &[
            ("sandbox --webhook http://127.0.0.1:8787/webhook/retell", "there"),
            ("webhook serve --admin 127.0.0.1:8788", "in this one"),
        ],
    );
    format!(
        "
The project in `{shown}` is real. Go on with:

  cd {shown}
{go_on}
To sync again, let the sandbox play both providers, and paste the lines that it prints:

{sync}
To see calls as they happen, at http://127.0.0.1:8788 within half a minute:

{calls}"
    )
}

/// A line for each command, with what it is for.
fn commands(program: &str, lines: &[(&str, &str)]) -> String {
    let width = lines.iter().map(|(words, _)| words.len()).max().unwrap_or_default();
    lines.iter().map(|(words, what)| format!("  {program} {words:width$}    {what}\n")).collect()
}
