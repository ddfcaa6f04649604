//! The pools: what was free at the end of each of the last weeks, and where that leads.

use maud::{Markup, html};

use super::markup::count;
use super::sections::section;
use crate::capacity::forecast::MOST_WEEKS;
use crate::capacity::trend::PoolTrend;
use crate::pools::Category;

/// The width of a week, and the height of the drawing, in its own units.
const WEEK: usize = 15;
const HEIGHT: usize = 90;
/// The past and as many weeks to come.
const WIDTH: usize = 2 * MOST_WEEKS * WEEK;

/// A card for each pool; nothing where there are none.
pub fn pools(courses: &[PoolTrend]) -> Markup {
    let cards = html! { div.grid { @for (place, course) in courses.iter().enumerate() { (card(place, course)) } } };
    if courses.is_empty() { Markup::default() } else { section("pools", "Pools", &cards) }
}

fn card(place: usize, course: &PoolTrend) -> Markup {
    let tally = &course.tally;
    let of = |category| count(tally.of(category));
    let outlook = course.outlook.words();
    html! {
        figure.card {
            figcaption { h3 id={ "pool-" (place) "-h" } { (course.name.as_str()) } }
            p.said {
                (of(Category::Free)) " of " (count(tally.total)) " free, " (of(Category::InService)) " in service, "
                (of(Category::Reserved)) " reserved, " (of(Category::Quarantine)) " resting"
            }
            (drawing(place, course, &outlook))
            div.ends aria-hidden="true" {
                span { (MOST_WEEKS) " weeks ago" } span { "now" } span { "in " (MOST_WEEKS) " weeks" }
            }
            p.said { (outlook) }
        }
    }
}

/// A column for each week that is over, and a wedge from now to where the two rates of the forecast lead.
fn drawing(place: usize, course: &PoolTrend, outlook: &str) -> Markup {
    let most = course.free.iter().filter_map(|(_, free)| *free).max().unwrap_or(0).max(1);
    let height = |free: usize| if free == 0 { 0 } else { (free * HEIGHT / most).max(2) };
    let known = || (0..).zip(&course.free).filter_map(|(at, (day, free))| Some((at, day, (*free)?)));
    let told: Vec<_> = known().map(|(_, day, free)| format!("{day}: {free}")).collect();
    html! {
        svg.days viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } preserveAspectRatio="none" role="img"
            aria-labelledby={ "pool-" (place) "-h pool-" (place) "-d" } {
            desc id={ "pool-" (place) "-d" } { "Free numbers, " (told.join(", ")) "; " (outlook) }
            @for (at, day, free) in known() {
                rect.c-bar x=(at * WEEK) y=(HEIGHT - height(free)) width=(WEEK - 4) height=(height(free)) {
                    title { (day.to_string()) ": " (free) " free" }
                }
            }
            @if let Some(points) = wedge(course, height(course.tally.of(Category::Free))) { polygon.c-wedge points=(points) {} }
        }
    }
}

/// Where the free numbers lead: between the higher rate and the median.
fn wedge(course: &PoolTrend, now: usize) -> Option<String> {
    let forecast = course.outlook.forecast().filter(|_| now > 0)?;
    let weeks = |weeks: Option<u64>| weeks.map(|weeks| usize::try_from(weeks).unwrap_or(usize::MAX));
    // Both begin where the last column ends.
    let start = MOST_WEEKS * WEEK + WEEK - 4;
    let [(near, low), (far, high)] = [forecast.soonest_weeks, forecast.latest_weeks].map(|it| end(weeks(it), now));
    Some(format!("{start},{} {near},{low} {far},{low} {far},{high}", HEIGHT - now))
}

/// Where a line ends that falls to nothing in so many weeks: at the bottom, or at the edge of the drawing.
fn end(weeks: Option<usize>, now: usize) -> (usize, usize) {
    match weeks {
        Some(weeks) if weeks <= MOST_WEEKS => ((MOST_WEEKS + weeks) * WEEK, HEIGHT),
        Some(weeks) => (WIDTH, HEIGHT - now * (weeks - MOST_WEEKS) / weeks),
        None => (WIDTH, HEIGHT - now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capacity::{Forecast, Outlook};
    use crate::model::{Day, PoolName};
    use crate::pools::Tally;

    fn course(takings: &[i64]) -> PoolTrend {
        let today = Day::parse("2026-11-29").unwrap();
        let mut tally = Tally::default();
        (0..9).for_each(|_| tally.add(None));
        let outlook = Outlook::Known(Forecast::of(9, takings, today).unwrap());
        let free = vec![(today, None), (today, Some(18)), (today, Some(9))];
        PoolTrend { name: PoolName::parse("sales").unwrap(), tally, free, outlook }
    }

    #[test]
    fn a_pool_is_drawn_with_its_past_and_a_wedge_to_where_it_leads() {
        let page = pools(&[course(&[1, 1, 1, 3])]).into_string();
        assert_eq!(page.matches("<rect").count(), 2, "{page}");
        assert!(page.contains("points=\"191,45 225,90 315,90 315,90\""), "{page}");
        assert!(page.contains("empty in 3-9 weeks") && page.contains("9 of 9 free"), "{page}");
        assert_eq!(pools(&[]).into_string(), "");
    }

    #[test]
    fn lines_that_reach_beyond_the_drawing_end_at_its_edge() {
        assert_eq!(end(Some(24), 40), (WIDTH, HEIGHT - 20));
        assert_eq!(end(None, 40), (WIDTH, HEIGHT - 40));
        assert!(pools(&[course(&[0, 0, 0, 0])]).into_string().contains("not running out"));
    }
}
