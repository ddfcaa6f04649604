//! `sync --take live`: gives decisions of git up for what Retell has.

use std::collections::BTreeSet;

use clap::{Args, ValueEnum};

use crate::commands::completing;
use crate::commands::desk::names;
use crate::decision::{DecisionOutcome, DecisionStanding, GivenUp};
use crate::error::{Error, Result};
use crate::model::{Directory, Setting, WorkspaceName};

/// The side that a sync may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SideToFollow {
    /// What Retell has
    Live,
}

/// Which decisions of git are given up.
#[derive(Args, Clone, Debug, Default)]
pub struct TakeOptions {
    /// Give up git's decisions that Retell does not have, and take what it has: of the numbers that are named, or, with
    /// `--workspace` and `--yes`, of all
    #[arg(long, value_name = "SIDE", value_enum)]
    take: Option<SideToFollow>,
    /// The numbers whose decisions are given up
    #[arg(value_name = "NUMBER", requires = "take", add = completing::numbers())]
    numbers: Vec<String>,
    /// Give up every decision of the workspace
    #[arg(short, long, requires_all = ["take", "workspace"], conflicts_with = "numbers")]
    yes: bool,
}

impl TakeOptions {
    /// Refuses to give up what was not named.
    pub(super) fn check(&self) -> Result<()> {
        if self.take.is_none() || !self.numbers.is_empty() || self.yes {
            return Ok(());
        }
        Err(Error::refused("`--take live` gives decisions of git up, and no number is named", "--yes")
            .hint("name the numbers, or give `--workspace NAME` and `--yes` for all of them"))
    }

    /// The decisions that are given up, in the workspaces of the sync.
    pub(super) fn given_up(&self, directory: &Directory, workspaces: &[WorkspaceName]) -> Result<GivenUp> {
        let mut given_up = GivenUp::new();
        if self.take.is_none() {
            return Ok(given_up);
        }
        let find = |written: &String| names::entry(directory, written).map(|entry| entry.phone_number);
        let named = self.numbers.iter().map(find).collect::<Result<BTreeSet<_>>>()?;
        for name in workspaces {
            let Some(files) = directory.workspaces.get(name) else { continue };
            let numbers = files.numbers.numbers.iter().map(|entry| entry.phone_number);
            for number in numbers.filter(|number| self.yes || named.contains(number)) {
                given_up.insert((name.clone(), number), Setting::decisions().collect());
            }
        }
        Ok(given_up)
    }

    /// The numbers that were named and had nothing to give up.
    pub(super) fn in_vain(&self, given_up: &GivenUp, held: &[DecisionOutcome]) -> Vec<String> {
        let settled =
            |number| held.iter().any(|held| held.phone_number == number && held.standing == DecisionStanding::GivenUp);
        let named: BTreeSet<_> = given_up.keys().map(|(_, number)| *number).filter(|_| !self.yes).collect();
        named.into_iter().filter(|number| !settled(*number)).map(|number| number.to_string()).collect()
    }
}
