//! What a sync does with what it read: reconcile, rails, write, commit, push.

use super::{Baseline, BaselineAge, Run, SyncDecision, agents, returning};
use crate::commands::desk::findings;
use crate::commands::desk::providers::Sources;
use crate::commands::desk::publishing::CommitMode;
use crate::commands::desk::push::{ATTEMPTS, Push};
use crate::error::{Error, Result};
use crate::model::{Directory, paths};
use crate::reconcile::former::Former;
use crate::reconcile::organisation;
use crate::reconcile::rails::{self, Hit, LostNumbers};
use crate::reconcile::{Complete, TwilioScope, reconcile};
use crate::render::changes::commit_message::{self, Occasion};
use crate::render::outcome::sync::{SyncEnd, SyncOutcome};
use crate::store::git::Pushed;
use crate::store::transaction::{FileChange, Transaction};

impl Run<'_> {
    /// Decides what becomes of a directory: nothing, if nothing was read completely or a rail is in the way.
    ///
    /// `committed` is what git has, where the directory has edits that are not committed.
    fn outcome(
        &mut self,
        baseline: &Baseline,
        mut former: Former,
        committed: Option<&Directory>,
    ) -> Result<SyncDecision> {
        let (before, now) = (&baseline.directory, self.desk.session.now);
        let mut report = self.read.clone();
        if self.complete.is_nothing() {
            let error = report.first_error();
            return Ok(failing(report, SyncEnd::Failed, error));
        }
        let foreign = self.foreign(before, committed);
        let complete = self.hold(baseline, &mut report)?;
        let mut reconciled = reconcile(before, &complete, &self.scope(), now);
        drop(complete);
        if !self.options.push.is_asked_for() {
            // Only a push may have to begin anew with it, and what follows needs the memory.
            self.complete = Complete::default();
        }
        let entrances = reconciled.entrances(before);
        returning::recall(self.desk, baseline.tip.as_ref(), entrances, &mut former)?;
        reconciled = reconciled.with_former(&former, before, now);
        for path in agents::uncommitted(&baseline.agents_on_disk, &reconciled.directory) {
            let words =
                format!("warning: `{path}` is not committed, so no number is given its path; commit it, then sync");
            self.desk.session.complain(&words);
        }
        for words in agents::taken_back(before, &reconciled.directory) {
            self.desk.session.complain(&format!("warning: {words}"));
        }
        if let Some(committed) = committed {
            reconciled = reconciled.against(committed, now);
        }
        // What was typed at a provider is not written down: once committed, it could not be taken back.
        let files = reconciled.directory.files_changed_since(before);
        if let Err(refusal) = self.desk.guard(&baseline.settings).check_written(&reconciled.changes, &files) {
            return Ok(failing(report, SyncEnd::Refused, refusal));
        }
        let (allowed, refused) = self.hits(baseline, committed, &reconciled.directory, foreign)?;
        report.changes = reconciled.changes;
        report.changes.name_by(report.decisions.names());
        if !refused.is_empty() {
            return Ok(failing(report, SyncEnd::Refused, refusal(&refused)));
        }
        Ok(SyncDecision {
            report,
            allowed: flags(&allowed),
            after: Some((reconciled.directory, FileChange::writes(files)?)),
        })
    }

    /// The workspaces whose key reads another organisation than it should.
    fn foreign(&self, before: &Directory, committed: Option<&Directory>) -> Vec<Hit> {
        let check = |before| organisation::check(before, &self.complete, &self.shared_keys);
        std::iter::once(before).chain(committed).flat_map(check).collect()
    }

    /// Applies what was read to the working tree, and commits it there.
    pub(super) fn in_place(
        &mut self,
        baseline: &Baseline,
        mode: &CommitMode,
        transaction: &mut Transaction,
    ) -> Result<SyncOutcome> {
        let committed = mode.edited_since()?;
        let outcome = self.outcome(baseline, Former::default(), committed.as_ref())?;
        let SyncDecision { mut report, allowed, after: Some((after, mut files)) } = outcome else {
            return self.logged(baseline, outcome.report, Vec::new(), transaction);
        };
        if self.options.dry_run {
            return Ok(report);
        }
        let along = mode.along();
        if files.iter().all(|file| paths::is_never_committed(file.path.as_str())) && along.is_empty() {
            if report.status == SyncEnd::Success {
                report.status = SyncEnd::Unchanged;
            }
            return self.logged(baseline, report, files, transaction);
        }
        let loss = self.loss((committed.as_ref().unwrap_or(&baseline.directory), &after), &allowed);
        // From here on the files' texts say it.
        drop(after);
        report.findings = findings::new_since(self.desk.session, &baseline.snapshot, &baseline.settings, &files)?;
        self.add_log(baseline, &report, &mut files)?;
        let message = self.message(&report, &allowed, &along);
        self.remember(loss, transaction)?;
        report.commit = mode.write(self.desk.session, transaction, &files, &message)?;
        if report.changes.is_empty() && report.commit.is_none() && report.status == SyncEnd::Success {
            report.status = SyncEnd::Unchanged;
        }
        Ok(report)
    }

    /// Applies what was read to the remote branch's directory, and takes the branch there in one step: commits of syncs
    /// that were not pushed are left aside, the times at which they saw something first are kept.
    fn on_top(&mut self, push: &Push<'_>, local: &Baseline, transaction: &mut Transaction) -> Result<SyncOutcome> {
        let here = push.to_be_left_aside(&self.complete, &self.scope())?;
        let aside = Directory::load(&push.repository.objects().read_commit_id(&here)?)?;
        let mut snapshot = push.repository.objects().read_commit_id(&push.tip)?;
        let mut kept = push.repository.index().kept_elsewhere(agents::below(&local.snapshot).cloned().collect())?;
        kept.extend(local.snapshot.files.keys().filter(|path| paths::is_never_committed(path)).cloned());
        for path in kept.into_iter().filter(|path| !snapshot.files.contains_key(path)).collect::<Vec<_>>() {
            let content = local.snapshot.files.get(&path);
            snapshot.files.extend(content.map(|content| (path, content.clone())));
        }
        let mut baseline = Baseline::of(self.desk, snapshot, Some(push.tip))?;
        baseline.age = BaselineAge::MaybeLater;
        let outcome = self.outcome(&baseline, Former::of(&aside), None)?;
        let SyncDecision { mut report, allowed, after: Some((after, files)) } = outcome else {
            return self.logged(&baseline, outcome.report, Vec::new(), transaction);
        };
        report.findings = findings::new_since(self.desk.session, &baseline.snapshot, &baseline.settings, &files)?;
        let (uncommitted, files): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|file| paths::is_never_committed(file.path.as_str()));
        self.remember(self.loss((&baseline.directory, &after), &allowed), transaction)?;
        report.commit = push.commit_on_tip(&files, &self.message(&report, &allowed, &[]))?;
        if report.commit.is_none() && report.status == SyncEnd::Success {
            report.status = SyncEnd::Unchanged;
        }
        let target = report.commit.as_ref().map_or(push.tip, |commit| commit.id);
        transaction.move_branch(&push.repository, &here, &target)?;
        self.logged(&baseline, report, uncommitted, transaction)
    }

    /// Applies what was read, and pushes it; where others were faster, once more on top of what they pushed.
    pub(super) fn and_push(
        &mut self,
        mut push: Push<'_>,
        baseline: &Baseline,
        mode: &CommitMode,
        transaction: &mut Transaction,
    ) -> Result<(SyncOutcome, Option<Error>)> {
        let mut report = if push.is_overtaken()? && !self.complete.is_nothing() {
            self.on_top(&push, baseline, transaction)?
        } else {
            self.in_place(baseline, mode, transaction)?
        };
        for _ in 0..ATTEMPTS {
            if matches!(report.status, SyncEnd::Failed | SyncEnd::Refused) {
                return Ok((report, None));
            }
            let next = push.send(report.commit.as_ref().map(|commit| &commit.id)).and_then(|pushed| match pushed {
                Pushed::Done => Ok(None),
                Pushed::Moved => self.caught_up(&mut push, baseline, transaction).map(Some),
            });
            match next {
                Ok(None) => return Ok((report, None)),
                Ok(Some(next)) => report = next.unwrap_or(report),
                Err(error) => return Ok((report, Some(error))),
            }
        }
        Ok((report, Some(push.gave_up())))
    }

    /// Looks where the remote branch is now; gives the report of a run on top of it, unless it is where it was.
    fn caught_up(
        &mut self,
        push: &mut Push<'_>,
        local: &Baseline,
        transaction: &mut Transaction,
    ) -> Result<Option<SyncOutcome>> {
        push.look_again()?;
        if push.is_overtaken()? { self.on_top(push, local, transaction).map(Some) } else { Ok(None) }
    }

    fn message(&self, report: &SyncOutcome, allowed: &[String], along: &[String]) -> String {
        let occasion = Occasion {
            action: self.sources.command(),
            workspaces: self.workspaces.iter().filter(|_| self.names_workspaces()).collect(),
            source: self.options.source(self.sources.command()),
            status: report.status.as_str(),
            allowed,
            along,
            unrecorded: &[],
            plan: None,
        };
        commit_message::write(&occasion, &report.changes)
    }

    fn scope(&self) -> TwilioScope {
        match self.workspaces.as_slice() {
            [only] if !self.options.is_whole() => TwilioScope::RegisteredIn(only.clone()),
            _ => TwilioScope::WholeAccount,
        }
    }

    /// Twilio's account as a whole belongs to no workspace.
    fn names_workspaces(&self) -> bool {
        self.sources != Sources::Twilio || !self.options.is_whole()
    }

    /// The rails that this sync hits: those that a flag allows, and the others.
    ///
    /// Edits that are committed along are measured as well: what they took is taken by no commit of their own.
    fn hits(
        &self,
        baseline: &Baseline,
        committed: Option<&Directory>,
        after: &Directory,
        foreign: Vec<Hit>,
    ) -> Result<(Vec<Hit>, Vec<Hit>)> {
        let states = [Some(&baseline.directory), committed];
        // Most syncs take nothing, and need not look back.
        let lost = states.into_iter().flatten().map(|before| rails::lost_by(before, after));
        let lost: Vec<LostNumbers> = lost.filter(|lost| !lost.is_empty()).collect();
        let (recent, gap) = if lost.is_empty() { Default::default() } else { self.recent_losses(baseline)? };
        if let Some(gap) = gap {
            lost.iter().try_for_each(|lost| self.refuse_unknown_losses(lost, &gap))?;
        }
        let mut hits: Vec<Hit> = Vec::new();
        let found = states.into_iter().flatten();
        let found = found.flat_map(|before| rails::check(before, after, &baseline.settings.rails, &recent));
        for hit in foreign.into_iter().chain(found) {
            match hits.iter_mut().find(|known| known.rail.flag() == hit.rail.flag()) {
                Some(known) if known.numbers.len() < hit.numbers.len() => *known = hit,
                Some(_) => {}
                None => hits.push(hit),
            }
        }
        Ok(hits.into_iter().partition(|hit| self.options.allows(&hit.rail)))
    }
}

/// Ends the run without applying anything.
fn failing(mut report: SyncOutcome, status: SyncEnd, error: Error) -> SyncDecision {
    (report.status, report.error) = (status, Some(error));
    SyncDecision { report, allowed: Vec::new(), after: None }
}

fn flags(hits: &[Hit]) -> Vec<String> {
    hits.iter().map(|hit| hit.rail.flag()).collect()
}

/// The most numbers that a refusal lists.
const LISTED: usize = 20;

fn refusal(hits: &[Hit]) -> Error {
    let describe = |hit: &Hit| {
        let mut lines = vec![hit.message()];
        lines.extend(hit.numbers.iter().take(LISTED).map(|number| format!("  {number}")));
        if hit.numbers.len() > LISTED {
            lines.push(format!("  … and {} more", hit.numbers.len() - LISTED));
        }
        lines.join("\n")
    };
    Error::refused(hits.iter().map(describe).collect::<Vec<_>>().join("\n"), flags(hits).join(" "))
        .hint("look at the changes with `--dry-run`; if they are meant, run the same command with the flag")
}
