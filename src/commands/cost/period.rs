//! The time that costs are about, and everything that they follow from in it.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::activity::carrier::CarrierBill;
use crate::activity::cost::{CallGap, CostBasis, Costs, costs};
use crate::activity::counts::TallyPart;
use crate::activity::coverage::{AnswerSpan, AskedSpan, CallCoverage, answer_span, gaps};
use crate::activity::money::MicroDollars;
use crate::activity::time::Millis;
use crate::commands::Session;
use crate::commands::desk::calls::{self, CallContext};
use crate::commands::desk::known_calls::known_prices;
use crate::error::{Error, Result};
use crate::model::WorkspaceName;
use crate::model::prices::PricesFile;
use crate::providers::{credentials, twilio};
use crate::query;
use crate::store::calls::{CallStore, TallyColumns};

/// Whole days: from the first up to, and without, the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub from: NaiveDate,
    pub until: NaiveDate,
}

impl Period {
    /// The month of a text such as `2026-11`.
    pub fn month(text: &str) -> Result<Self> {
        let from = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok().filter(|_| text.len() == 7);
        let until = from.and_then(|from| from.checked_add_months(Months::new(1)));
        from.zip(until).map(|(from, until)| Self { from, until }).ok_or_else(|| {
            Error::failed(format!("`{}` is not a month", text.escape_debug())).hint("give a month such as `2026-11`")
        })
    }

    pub fn month_of(moment: Millis) -> Result<Self> {
        let day = date(moment);
        Self::month(&format!("{:04}-{:02}", day.year(), day.month()))
    }

    /// From the day of a moment up to the end of another's.
    pub fn days(since: Millis, until: Millis) -> Self {
        let next = |day: NaiveDate| day.checked_add_days(Days::new(1)).unwrap_or(day);
        Self { from: date(since), until: next(date(until.minus(1))) }
    }

    /// As much of it as is over.
    pub fn up_to(self, moment: Millis) -> Self {
        Self { until: self.until.min(Self::days(moment, moment).until), ..self }
    }

    pub fn first_day(self) -> String {
        self.from.to_string()
    }

    pub fn last_day(self) -> String {
        self.until.pred_opt().unwrap_or(self.until).to_string()
    }
}

fn date(moment: Millis) -> NaiveDate {
    moment.to_datetime().map_or(NaiveDate::MIN, |moment| moment.date_naive())
}

fn start(day: NaiveDate) -> Millis {
    day.and_hms_opt(0, 0, 0).map_or(Millis(0), |moment| Millis::of(moment.and_utc()))
}

/// Costs, with the time that they are about and what they cannot tell.
pub struct PeriodCost {
    pub span: AnswerSpan,
    pub coverage: Vec<CallCoverage>,
    pub costs: Costs,
    pub prices: Option<PricesFile>,
}

impl PeriodCost {
    /// Leaves out what stands in no number's row.
    pub fn leave_rows_only(&mut self) {
        self.costs.unexplained = MicroDollars::default();
        self.costs.fees.clear();
    }
}

/// Whether the carrier may be asked for its bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    Allowed,
    Offline,
}

pub fn tell(context: &CallContext<'_>, period: Period, asking: Asking, session: &Session) -> Result<PeriodCost> {
    let store = CallStore::open_to_ask(&context.place)?;
    let coverage = context.coverage(store.as_ref())?;
    let now = calls::now(session);
    let known = coverage.iter().filter_map(|known| known.complete).map(|span| span.until).min().unwrap_or(now);
    // Of a month that is not over, what is known of it is asked for, and no more.
    let whole = start(period.until);
    let until = if whole > now { whole.min(known.max(start(period.from).plus(1))) } else { whole };
    let asked = AskedSpan {
        since: Some(start(period.from)),
        until: Some(until),
        usual: 0,
        stale_after: context.settings.usage.stale_after,
        needs_calls: false,
    };
    let mut span = answer_span(&asked, &coverage, now);
    let gaps: BTreeMap<WorkspaceName, CallGap> =
        coverage.iter().filter_map(|known| Some((known.workspace.clone(), gap(&asked, known, now)?))).collect();
    if whole > now && now.0 - known.0 > context.settings.usage.stale_after {
        span.gaps.push(format!("calls are known until {known} only"));
    }
    let columns = TallyColumns { number: true, agent: false, part: TallyPart::Whole };
    let tallies = match &store {
        Some(store) => store.tallies(&context.workspaces, span.since, span.until, columns)?,
        None => Vec::new(),
    };
    let prices = known_prices(&context.directory, store.as_ref())?;
    let bill = match asking {
        Asking::Allowed => bill(context, period.up_to(span.until))?,
        Asking::Offline => None,
    };
    let rows: Vec<_> = query::rows(&context.directory)
        .into_iter()
        .filter(|row| row.workspace.is_none_or(|name| context.workspaces.contains(name)))
        .collect();
    let settings = &context.settings.cost;
    let basis = CostBasis {
        from: period.from,
        until: period.up_to(span.until).until,
        prices: prices.as_ref(),
        bill,
        retell_numbers: &settings.retell_numbers,
        fees: &settings.fees,
        pools: context.directory.pools.as_ref(),
        rent_to: &settings.rent_to,
        gaps: &gaps,
    };
    let costs = costs(&rows, &tallies, &basis);
    Ok(PeriodCost { span, coverage, costs, prices })
}

fn gap(asked: &AskedSpan, known: &CallCoverage, now: Millis) -> Option<CallGap> {
    if known.complete.is_none() {
        return Some(CallGap::NeverRead);
    }
    gaps(asked, known, now).into_iter().next().map(CallGap::Some)
}

/// The carrier's bill; none where there are no credentials to ask for it.
fn bill(context: &CallContext<'_>, period: Period) -> Result<Option<CarrierBill>> {
    let environment = context.desk.environment();
    if environment.find("TWILIO_ACCOUNT_SID").is_none() {
        return Ok(None);
    }
    let credentials = credentials::twilio(&environment)?;
    let records = twilio::billing::usage_records(&credentials, &period.first_day(), &period.last_day())?;
    Ok(Some(twilio::billing::carrier_bill(&records)))
}
