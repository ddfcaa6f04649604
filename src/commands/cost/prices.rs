//! `phone-dir cost prices`

use std::collections::{BTreeMap, BTreeSet};

use crate::commands::desk::Desk;
use crate::commands::desk::calls::{CallContext, WorkspaceChoice};
use crate::commands::desk::known_calls::known_prices;
use crate::commands::desk::publishing::CommitOptions;
use crate::commands::{Exit, Session};
use crate::error::Result;
use crate::model::commit_trailers::CommitTrailers;
use crate::model::pools::CountryCode;
use crate::model::prices::PricesFile;
use crate::model::{Day, canonical, paths};
use crate::providers::{credentials, twilio};
use crate::store::calls::CallStore;
use crate::store::transaction::{FileChange, Purpose};

/// Keep Twilio's price list of the countries in the directory: `phone-numbers/prices.json`
///
/// A list that says the same as the one that is kept changes nothing. With `[cost] commit_prices = false` in phone-dir.toml it is
/// kept beside the store of calls instead of in git.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// Change nothing; exit with 1 where the list that is kept is not Twilio's
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    commit: CommitOptions,
}

pub fn run(options: &Arguments, session: &Session) -> Result<Exit> {
    let context = CallContext::of(&WorkspaceChoice::default(), session)?;
    let store = CallStore::open_to_ask(&context.place)?;
    let kept = known_prices(&context.directory, store.as_ref())?;
    drop(store);
    let listed = listed(&context, kept.as_ref(), session)?;
    if kept.as_ref() == Some(&listed) {
        session.print("The price list is up to date\n")?;
        return Ok(Exit::Done);
    }
    if options.check {
        session.print(
            "The price list that is kept is not Twilio's any more; `phone-dir cost prices` brings it up to date\n",
        )?;
        return Ok(Exit::Found);
    }
    if !context.settings.cost.commit_prices {
        CallStore::open(&context.place)?.keep_prices(&canonical::to_text(&listed))?;
        session.print("The price list is kept beside the store of calls\n")?;
        return Ok(Exit::Done);
    }
    write(options, &listed, &context.desk)?;
    Ok(Exit::Done)
}

/// What Twilio lists; the day stays that of the list that is kept where the prices are the same.
fn listed(context: &CallContext<'_>, kept: Option<&PricesFile>, session: &Session) -> Result<PricesFile> {
    let environment = context.desk.environment();
    let credentials = credentials::twilio(&environment)?;
    let pricing = credentials::twilio_pricing(&environment, &credentials)?;
    let numbers = context.directory.master.numbers.values().filter(|entry| entry.twilio.is_some());
    let codes = numbers.filter_map(|entry| CountryCode::parse(entry.country_code.as_deref()?).ok());
    let countries: Vec<_> = codes.collect::<BTreeSet<_>>().into_iter().collect();
    let found = twilio::billing::prices(&credentials, &pricing, &countries)?;
    let mut file = PricesFile {
        schema: kept.and_then(|kept| kept.schema.clone()),
        as_of: Day::of(session.now),
        currency: "USD".to_owned(),
        twilio: BTreeMap::new(),
        trunking: BTreeMap::new(),
    };
    for prices in found {
        file.twilio.insert(prices.country, prices.numbers);
        file.trunking.insert(prices.country, prices.minutes);
    }
    if let Some(kept) = kept.filter(|kept| (&kept.twilio, &kept.trunking) == (&file.twilio, &file.trunking)) {
        file.as_of = kept.as_of;
    }
    Ok(file)
}

fn write(options: &Arguments, listed: &PricesFile, desk: &Desk<'_>) -> Result<()> {
    let mut transaction = desk.begin(Purpose::Change)?;
    let mode = desk.prepare(&options.commit)?;
    let files = [FileChange::write(paths::PRICES, canonical::to_text(listed))?];
    let trailers = CommitTrailers::of_success("cost prices");
    let message = format!("phone-dir: prices as of {}\n\n{}", listed.as_of, trailers.write());
    mode.write(desk.session, &mut transaction, &files, &message)?;
    desk.session.print(&format!("{} holds Twilio's prices as of {}\n", paths::PRICES, listed.as_of))
}
