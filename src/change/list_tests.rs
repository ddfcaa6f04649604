//! Lists as people, spreadsheets and this program write them.

use super::*;

const COLUMNS: [&str; 3] = ["phone_number", "inbound_agent", "nickname"];

fn list(text: &str, columns: &[&'static str]) -> Result<Vec<ListRow>, Vec<ListProblem>> {
    let rows = read(text, columns)?.rows;
    let problems: Vec<_> = rows.iter().filter_map(|row| row.clone().err()).collect();
    if problems.is_empty() { Ok(rows.into_iter().flatten().collect()) } else { Err(problems) }
}

fn problems(text: &str) -> Vec<(u64, String)> {
    list(text, &COLUMNS).unwrap_err().into_iter().map(|it| (it.line, it.message)).collect()
}

#[test]
fn csv_and_json_give_the_same_rows_with_their_lines() {
    let csv = list("\u{feff}phone_number, nickname\n+14155550101,\"a, b\"\n\n+14155550102,\n", &COLUMNS).unwrap();
    let json = list(
        "[{\"phone_number\":\"+14155550101\",\n\"nickname\":\"a, b\"},\n{\"phone_number\":\"+14155550102\"}]",
        &COLUMNS,
    )
    .unwrap();
    let cells = |rows: &[ListRow]| rows.iter().map(|row| row.cells.clone()).collect::<Vec<_>>();
    assert_eq!(cells(&csv), cells(&json));
    assert_eq!(csv.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 4]);
    assert_eq!(json.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 3]);
    let windows = list("nickname\r\na\r\n\r\nb\r\nc", &COLUMNS).unwrap();
    assert_eq!(windows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 4, 5]);
}

#[test]
fn a_quote_that_swallows_the_rows_below_it_is_refused_where_it_opens() {
    let open = "phone_number,nickname\n+14155550101,x\n+14155550102,\"Front desk\n+14155550103,Other\n";
    assert_eq!(problems(open), [(3, OPEN_QUOTE.to_owned())]);
    for bad in ["phone_number,\"nickname\n+1,x\n", "nickname\n\"Front", "nickname\n\"Front\n\"\n", "\"nickname"] {
        assert_eq!(problems(bad)[0].1, OPEN_QUOTE, "{bad:?}");
    }
    assert_eq!(list("nickname\n \"\"\"Front\"\"\" ", &COLUMNS).map(|rows| rows.len()), Ok(1));
    assert_eq!(problems("[{\"nickname\": \"a\\nb\"}]"), [(1, "`nickname` has a line break".to_owned())]);
}

#[test]
fn semicolons_and_null_are_understood() {
    let rows = list("phone_number;nickname\n+14155550101;x\n", &COLUMNS).unwrap();
    assert_eq!(rows[0].text("nickname"), Some("x"));
    let rows = list("[{\"inbound_agent\": null}]", &COLUMNS).unwrap();
    assert_eq!((rows[0].text("inbound_agent"), rows[0].text("nickname")), (Some("none"), None));
}

#[test]
fn an_unknown_column_is_named_with_the_nearest() {
    assert_eq!(
        problems("phone_nmber,nickname\n"),
        [(1, "unknown column `phone_nmber`; the nearest is `phone_number`".to_owned())]
    );
    assert_eq!(problems("[\n{\"nicknam\": \"x\"}]")[0].0, 2);
    assert!(problems("phone_number,password\n")[0].1.contains("password_env"));
    assert!(problems("nickname,nickname\n")[0].1.contains("twice"));
}

#[test]
fn every_broken_row_is_named_and_not_only_the_first() {
    let lines: Vec<_> = problems("phone_number,nickname\na\n+1,x\nb,c,d\n").iter().map(|it| it.0).collect();
    assert_eq!(lines, [2, 4]);
    for bad in ["", "[1]", "[{\"nickname\": 1}]", "[{]", "{\"nickname\""] {
        assert!(list(bad, &COLUMNS).is_err(), "{bad:?}");
    }
}

const READ: [&str; 7] = ["phone_number", "workspace", "inbound_agent", "nickname", "agent_path", "tags", "notes"];

/// The cells of the only row, in the order of the columns' names.
fn only(text: &str) -> Vec<(&'static str, String)> {
    let rows = list(text, &READ).unwrap_or_else(|problems| panic!("{text:?}: {problems:?}"));
    assert_eq!(rows.len(), 1, "{text:?}");
    rows[0].cells.clone().into_iter().collect()
}

#[test]
fn a_list_means_the_same_however_a_spreadsheet_saved_it() {
    let wanted = only("phone_number,workspace,nickname\n+14155550103,staging,Desk\n");
    for text in [
        "Phone_Number,Workspace,Nickname\r\n+14155550103,staging,Desk\r\n",
        "Phone Number,WORKSPACE,NICKNAME\n+14155550103,staging,Desk\n",
        "phone\u{a0}number , workspace,nickname\n+14155550103,staging\u{a0},Desk\n",
        "phone_number,workspace,nickname,,\n+14155550103,staging,Desk,,\n",
        "phone_number,workspace,nickname\n+14155550103,staging,Desk,,\n",
        "phone_number,workspace,nickname\n,,\n+14155550103,staging,Desk\n,,\n\n",
        "\n\n,,\nphone_number,workspace,nickname\n+14155550103,staging,Desk\n",
        "sep=;\r\nphone_number;workspace;nickname\r\n+14155550103;staging;Desk\r\n",
        "\"sep=,\"\nphone_number,workspace,nickname\n+14155550103,staging,Desk\n",
        "sep=\t\nphone_number\tworkspace\tnickname\n+14155550103\tstaging\tDesk\n",
        "phone_number\tworkspace\tnickname\n+14155550103\tstaging\tDesk\n",
        "phone_number|workspace|nickname\n+14155550103|staging|Desk\n",
        "phone_number,workspace,nickname\r+14155550103,staging,Desk\r",
        "phone_number,workspace,nickname\n'+14155550103,staging,Desk\n",
        "phone_number,workspace,nickname\n\"=\"\"+14155550103\"\"\",staging,\"=\"\"Desk\"\"\"\n",
        "phone_number,workspace,nickname,comment\n+14155550103,staging,Desk,ask Ann\n",
        "number,workspace,nickname,agent_name\n+14155550103,staging,Desk,Sales\n",
        "{\"phone_number\": \"+14155550103\", \"workspace\": \"staging\", \"nickname\": \"Desk\", \"capabilities\": [\"voice\"]}\n",
    ] {
        assert_eq!(only(text), wanted, "{text:?}");
    }
}

#[test]
fn columns_that_change_nothing_are_told_once() {
    let list = read("phone_number,comment,agent_name,Owner\n+1,a,b,c\n+2,d,e,f\n", &READ).unwrap();
    let note = list.note.unwrap();
    assert!(["`Owner`", "`agent_name`", "`comment`"].iter().all(|name| note.contains(name)), "{note}");
    assert!(list.is_export && !read("phone_number,comment\n+1,a\n", &READ).unwrap().is_export);
}

#[test]
fn a_cell_in_a_column_without_a_name_is_refused() {
    assert!(problems("phone_number,,nickname\n+1,x,y\n")[0].1.contains("without a name"));
    assert!(problems("phone_number,nickname,\n+1,y,x\n")[0].1.contains("3 cells, the header 2"));
    assert!(problems("+14155550103,staging\n+14155550104,staging\n")[0].1.contains("no column"));
}

#[test]
fn lists_and_long_texts_of_json_are_cells() {
    let rows =
        list("[{\"tags\": [\"a\", \"b\"], \"notes\": \"x\\ny\", \"nickname\": \"\"}, {\"tags\": []}]", &READ).unwrap();
    assert_eq!(
        (rows[0].text("tags"), rows[0].text("notes"), rows[0].text("nickname")),
        (Some("a, b"), Some("x\ny"), None)
    );
    assert_eq!(rows[1].text("tags"), Some(NONE));
}

#[test]
fn lines_are_counted_from_the_top_of_the_text_whatever_stands_above_the_header() {
    let rows =
        |text: &str| list(text, &COLUMNS).unwrap().into_iter().map(|row| (row.line, row.cells)).collect::<Vec<_>>();
    let row = |line, cells: &[(&'static str, &str)]| {
        (line, cells.iter().map(|(name, cell)| (*name, (*cell).to_owned())).collect())
    };
    assert_eq!(
        rows("\n\n,,\nsep=;\nnickname;inbound_agent\na;b\n\nc; d \n"),
        [row(6, &[("nickname", "a"), ("inbound_agent", "b")]), row(8, &[("nickname", "c"), ("inbound_agent", "d")]),]
    );
    assert_eq!(problems("\n\nnickname,phone_nmber\n")[0].0, 3);
    assert_eq!(problems("\nnickname,inbound_agent\na\n"), [(3, "the row has 1 cells, the header 2".to_owned())]);
    // A blank cell asks for nothing, and a row of blank cells is none.
    assert_eq!(
        rows("nickname,inbound_agent\n  ,b\n , \nc,\n"),
        [row(2, &[("inbound_agent", "b")]), row(4, &[("nickname", "c")])]
    );
    assert_eq!(rows("nickname\tinbound_agent\na,b\tc\n"), [row(2, &[("nickname", "a,b"), ("inbound_agent", "c")])]);
}

#[test]
fn a_row_loses_the_cells_that_are_there_already_and_says_what_it_asks_beside_some() {
    let rows = list("phone_number,nickname,inbound_agent\n+1,a,b\n", &COLUMNS).unwrap();
    let left =
        rows[0].without(|column, text| (column, text) == ("nickname", "a") || (column, text) == ("inbound_agent", "a"));
    assert_eq!(
        (left.text("phone_number"), left.text("nickname"), left.text("inbound_agent")),
        (Some("+1"), None, Some("b"))
    );
    assert!(left.asks_beside(&["phone_number"]) && !left.asks_beside(&["phone_number", "inbound_agent"]));
    assert_eq!(left.line, rows[0].line);
}

#[test]
fn a_list_is_an_output_where_any_column_is_one_of_its_own() {
    let is_export = |header: &str| read(&format!("{header}\n+1,a,b\n"), &READ).unwrap().is_export;
    assert!(is_export("phone_number,agent_path,nickname") && is_export("agent_path,agent_name,nickname"));
    assert!(is_export("phone_number,agent_name,agent_path") && !is_export("phone_number,inbound_agent,nickname"));
    let words = |text: &str| list(text, &READ).unwrap_err().into_iter().map(|it| it.message).collect::<Vec<_>>();
    assert_eq!(words("[{\"nickname\": [\"a\"]}]"), ["`nickname` has to be a text or null"]);
    assert_eq!(words("[{\"tags\": [1]}]"), ["`tags` has to be a list of texts"]);
    assert_eq!(
        words("[{\"notes\": 1}, {\"nickname\": true}]"),
        ["`notes` has to be a text or null", "`nickname` has to be a text or null"]
    );
    assert_eq!(words("[{\"nickname\": \"a\", \"nickname\": \"b\"}]"), ["row 1 has the key `nickname` twice"]);
}

#[test]
fn a_line_that_names_the_delimiter_may_have_blanks_and_quotes_around_it() {
    for first in ["sep=;", "SEP=;", "\"sep=;\"", "  sep=;  ", "sep=;\r"] {
        let rows = list(&format!("{first}\nnickname;inbound_agent\na,b;c\n"), &COLUMNS).unwrap();
        assert_eq!((rows[0].text("nickname"), rows[0].text("inbound_agent")), (Some("a,b"), Some("c")), "{first:?}");
    }
}

#[test]
fn a_line_break_is_part_of_a_cell_that_may_have_one_where_its_quotes_are_whole() {
    let rows = list("phone_number,notes,comment\n+1,\"two\nlines\",\"a \"\"b\"\"\r\nc\"\n+2,x,y\n", &READ).unwrap();
    assert_eq!((rows[0].text("notes"), rows[1].text("notes"), rows[1].line), (Some("two\nlines"), Some("x"), 5));
    let sheet = only("\"Phone\nNumber\";workspace\n+14155550103;staging\n");
    assert_eq!(sheet, only("phone_number,workspace\n+14155550103,staging\n"));
    for open in [
        "phone_number,notes\n+1,\"open\n+2,x\n",
        "phone_number,notes\n+1,\"open\n+2,\"x\n+3,y\n",
        "phone_number,comment\n+1,\"open\n+2,x",
        "phone_number,nickname\n+1,\"two\nlines\"\n",
        "\"phone_number,notes\n+1,\"x\n",
    ] {
        let told = list(open, &READ).unwrap_err();
        assert_eq!(told[0].message, OPEN_QUOTE, "{open:?}");
    }
}

#[test]
fn other_writers_of_lists_are_understood_too() {
    let wanted = only("phone_number,workspace,nickname\n+14155550103,staging,Desk\n");
    for text in [
        ",phone_number,workspace,nickname\n0,+14155550103,staging,Desk\n",
        "phoneNumber,Work-Space,NickName\n+14155550103,staging,Desk\n",
        "phone_number, workspace, nickname\n\"+14155550103\", \"staging\", \"Desk\"\n",
        "phone_number,workspace,nickname\r\n+14155550103,staging,Desk\r\n\u{1a}",
        "Phone number (E.164),workspace [name],nickname:\n+14155550103,staging,Desk\n",
        "Telephone,Workspace,Nickname\n+14155550103,staging,Desk\n",
        "Telephone Number,Workspace,Nickname\n+14155550103,staging,Desk\n",
        "phone_number,workspace,nickname\n+14155550103,staging,Desk\n\0\0",
    ] {
        assert_eq!(only(text), wanted, "{text:?}");
    }
}

#[test]
fn a_list_without_a_header_in_its_first_row_is_told_where_the_header_is_or_what_it_names() {
    let told = |text: &str| list(text, &READ).unwrap_err().remove(0).message;
    assert!(told("Our lines,,\n,,\nPhone Number,Workspace,Notes\n+1,staging,x\n").contains("stands on line 3"));
    assert!(told("\nOur lines;;\n\"Phone\";Notes\n").contains("stands on line 3"));
    assert!(told("Notes;;\nPhone;Notes\n").contains("stands on line 2"));
    assert!(
        told("Telefonnummer;Workspace;Notes\n+1;staging;x\n").ends_with("the one with the numbers, of `Telefonnummer`")
    );
    assert!(told("Nummer,Bereich\n+1,staging\n").contains("these are `phone_number`, `workspace`"));
}
