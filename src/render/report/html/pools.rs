//! The pools: what was free at the end of each of the last weeks, and where that leads.

use super::markup::{count, text};
use super::sections::section;
use crate::capacity::course::PoolCourse;
use crate::capacity::forecast::MOST_WEEKS;
use crate::pools::Category;

/// The width of a week, and the height of the drawing, in its own units.
const WEEK: usize = 15;
const HEIGHT: usize = 90;
/// The past and as many weeks to come.
const WIDTH: usize = 2 * MOST_WEEKS * WEEK;

/// A card for each pool; nothing where there are none.
pub fn pools(courses: &[PoolCourse]) -> String {
    if courses.is_empty() {
        return String::new();
    }
    let cards: String = courses.iter().enumerate().map(|(place, course)| card(place, course)).collect();
    section("pools", "Pools", &format!("<div class=\"grid\">{cards}</div>"))
}

fn card(place: usize, course: &PoolCourse) -> String {
    let tally = &course.tally;
    let (free, resting) = (tally.of(Category::Free), tally.of(Category::Quarantine));
    let figures = format!(
        "{} of {} free, {} in service, {} reserved, {} resting",
        count(free),
        count(tally.total),
        count(tally.of(Category::InService)),
        count(tally.of(Category::Reserved)),
        count(resting),
    );
    let outlook = course.outlook.words();
    format!(
        "<figure class=\"card\"><figcaption><h3 id=\"pool-{place}-h\">{name}</h3></figcaption>\
         <p class=\"said\">{figures}</p>{drawing}<div class=\"ends\" aria-hidden=\"true\"><span>{MOST_WEEKS} weeks ago</span>\
         <span>now</span><span>in {MOST_WEEKS} weeks</span></div><p class=\"said\">{outlook}</p></figure>",
        name = text(course.name.as_str()),
        drawing = drawing(place, course, &outlook),
        outlook = text(&outlook),
    )
}

/// A column for each week that is over, and a wedge from now to where the two rates of the forecast lead.
fn drawing(place: usize, course: &PoolCourse, outlook: &str) -> String {
    let most = course.free.iter().filter_map(|(_, free)| *free).max().unwrap_or(0).max(1);
    let height = |free: usize| if free == 0 { 0 } else { (free * HEIGHT / most).max(2) };
    let column = |(at, (day, free)): (usize, &(crate::model::Day, Option<usize>))| {
        let Some(free) = *free else { return String::new() };
        let (x, height) = (at * WEEK, height(free));
        format!(
            "<rect class=\"c-bar\" x=\"{x}\" y=\"{}\" width=\"{}\" height=\"{height}\"><title>{day}: {free} free</title></rect>",
            HEIGHT - height,
            WEEK - 4,
        )
    };
    let columns: String = course.free.iter().enumerate().map(column).collect();
    let told: Vec<_> = course.free.iter().filter_map(|(day, free)| Some(format!("{day}: {}", (*free)?))).collect();
    format!(
        "<svg class=\"days\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" preserveAspectRatio=\"none\" role=\"img\" \
         aria-labelledby=\"pool-{place}-h pool-{place}-d\"><desc id=\"pool-{place}-d\">Free numbers, {}; {}</desc>{columns}{}</svg>",
        text(&told.join(", ")),
        text(outlook),
        wedge(course, height(course.tally.of(Category::Free))),
    )
}

/// Where the free numbers lead: between the higher rate and the median.
fn wedge(course: &PoolCourse, now: usize) -> String {
    let Some(forecast) = course.outlook.forecast().filter(|_| now > 0) else { return String::new() };
    let weeks = |weeks: Option<u64>| weeks.map(|weeks| usize::try_from(weeks).unwrap_or(usize::MAX));
    // Both begin where the last column ends.
    let start = MOST_WEEKS * WEEK + WEEK - 4;
    let (soonest, latest) = (end(weeks(forecast.soonest_weeks), now), end(weeks(forecast.latest_weeks), now));
    let [(near, low), (far, high)] = [soonest, latest];
    let top = HEIGHT - now;
    format!("<polygon class=\"c-wedge\" points=\"{start},{top} {near},{low} {far},{low} {far},{high}\"/>")
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

    fn course(takings: &[i64]) -> PoolCourse {
        let today = Day::parse("2026-11-29").unwrap();
        let mut tally = Tally::default();
        (0..9).for_each(|_| tally.add(None));
        let outlook = Outlook::Known(Forecast::of(9, takings, today).unwrap());
        let free = vec![(today, None), (today, Some(18)), (today, Some(9))];
        PoolCourse { name: PoolName::parse("sales").unwrap(), tally, free, outlook }
    }

    #[test]
    fn a_pool_is_drawn_with_its_past_and_a_wedge_to_where_it_leads() {
        let page = pools(&[course(&[1, 1, 1, 3])]);
        assert_eq!(page.matches("<rect").count(), 2, "{page}");
        assert!(page.contains("points=\"191,45 225,90 315,90 315,90\""), "{page}");
        assert!(page.contains("empty in 3-9 weeks") && page.contains("9 of 9 free"), "{page}");
        assert_eq!(pools(&[]), "");
    }

    #[test]
    fn lines_that_reach_beyond_the_drawing_end_at_its_edge() {
        assert_eq!(end(Some(24), 40), (WIDTH, HEIGHT - 20));
        assert_eq!(end(None, 40), (WIDTH, HEIGHT - 40));
        assert!(pools(&[course(&[0, 0, 0, 0])]).contains("not running out"));
    }
}
