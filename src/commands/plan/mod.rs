//! `phone-dir plan`, `phone-dir plan show FILE`

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::desk::{AsOf, Desk, known_calls, load, plan_output, unapplied};
use super::{Exit, Session, completing};
use crate::activity::traffic::Traffic;
use crate::commands::options::FormatOf;
use crate::error::{Error, Result};
use crate::model::{AgentNames, ProtectedWorkspaces};
use crate::plan::Plan;
use crate::render;
use crate::store::regular_file;

/// Plan what Retell has to be told so that it has what git decided; nothing is changed anywhere
///
/// Reads Retell, and lists what is decided in git and not live: each item with what Retell has now. `apply FILE` does
/// exactly that, as long as Retell still has it. What is in conflict, or cannot be done, is listed too, and makes the exit
/// code 1; an incomplete read makes it 3. A plan holds for 24 hours, and never has a password.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    action: Option<PlanAction>,
    /// Only this workspace
    #[arg(short, long, value_name = "NAME", add = completing::workspaces())]
    workspace: Option<String>,
    /// Write the plan to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Go by the records beside the decisions, as of the last sync: asks no provider, and needs no key
    #[arg(long)]
    recorded: bool,
    #[command(flatten)]
    format: FormatOf<PlanFormat>,
}

/// What else there is to do with plans.
#[derive(Subcommand, Debug)]
enum PlanAction {
    /// Show a plan
    Show(ShowOptions),
}

/// Which plan is shown, and how.
#[derive(Args, Debug)]
struct ShowOptions {
    /// The plan's file, or `-` for standard input
    #[arg(value_name = "FILE")]
    file: String,
    #[command(flatten)]
    format: FormatOf<PlanFormat>,
}

/// How a plan is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PlanFormat {
    /// For people
    Human,
    /// For a pull request
    Markdown,
    /// For programs
    Json,
}

impl PlanFormat {
    fn text(
        self,
        session: &Session,
        plan: &Plan,
        protected: &ProtectedWorkspaces,
        traffic: Option<&Traffic>,
    ) -> String {
        match self {
            Self::Human => session.fitted(&render::plan::human(plan, protected, traffic)),
            Self::Markdown => render::plan::markdown(plan, protected, traffic),
            Self::Json => render::escape::json(plan.to_text()),
        }
    }
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    if let Some(PlanAction::Show(options)) = &arguments.action {
        // A plan may be shown anywhere; where there is a project, it knows what the agents are called.
        let directory = load(session, &AsOf::default());
        let names = directory.map(|directory| AgentNames::of(&directory)).unwrap_or_default();
        let plan = render::plan::reworded(Plan::read(&text_of(session, &options.file)?)?, &names);
        let format = options.format.chosen();
        let settings = Desk::to_change(session).and_then(|desk| desk.settings());
        let protected = settings.map(|settings| settings.protected).unwrap_or_default();
        session.print(&format.text(session, &plan, &protected, None))?;
        return Ok(Exit::Done);
    }
    let desk = Desk::to_ask(session)?;
    let source = match &arguments.workspace {
        Some(name) => format!("plan --workspace {name}"),
        None => "plan".to_owned(),
    };
    let read = if arguments.recorded { unapplied::recorded } else { unapplied::of_git };
    let decisions = read(&desk, arguments.workspace.as_ref())?;
    let plan = decisions.plan(&source, session);
    plan_output::write(&desk, &plan, arguments.output.as_deref())?;
    let traffic = known_calls::traffic(&desk.project, &decisions.directory, session);
    session.print(&arguments.format.chosen().text(session, &plan, &desk.settings()?.protected, traffic.as_ref()))?;
    if arguments.format.chosen() == PlanFormat::Human {
        decisions.conflicts().iter().for_each(|numbers| session.note(&render::decisions::settling(numbers)));
    }
    Ok(if plan.impossible.is_empty() { Exit::Done } else { Exit::Found })
}

/// The largest plan that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// Reads a plan's text from a file, or from standard input.
pub fn text_of(session: &Session, file: &str) -> Result<String> {
    let read = if file == "-" {
        use std::io::Read;
        let mut bytes = Vec::new();
        std::io::stdin().take(LARGEST).read_to_end(&mut bytes).map(|_| bytes)
    } else {
        regular_file::read_given(&session.start.join(file), LARGEST)
    };
    let bytes = read.map_err(|error| {
        Error::failed(format!("the plan `{file}` cannot be read"))
            .caused_by(error)
            .hint("`phone-dir plan --output FILE` writes one; `phone-dir apply` without a file takes what git decided")
    })?;
    String::from_utf8(bytes).map_err(|_| Error::failed(format!("the plan `{file}` is not UTF-8")))
}
