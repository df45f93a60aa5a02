//! Libtorch's time over ours, as a picture.

use nninit_pictures::plotters::coord::combinators::IntoLogRange;
use nninit_pictures::plotters::prelude::*;
use nninit_pictures::plotters::style::text_anchor::{HPos, Pos, VPos};
use nninit_pictures::{COLOURS, Canvas, Drawn, FONT};

/// Twice what a page shows, for sharp screens.
const WIDTH: u32 = 1920;
const GROUP: u32 = 78;
const HEAD: u32 = 100;
const FOOT: u32 = 90;
const NAMES: u32 = 560;
/// Where the scale is labelled.
const TICKS: [f64; 9] = [0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0];

/// Bars that belong together.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) bars: Vec<Bar>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Bar {
    pub(crate) threads: usize,
    /// Above 0.
    pub(crate) value: f64,
    pub(crate) aim: Option<f64>,
}

/// The bars on a logarithmic scale, encoded as PNG.
pub(crate) fn png(title: &str, groups: &[Group]) -> anyhow::Result<Vec<u8>> {
    let height = HEAD + FOOT + GROUP * groups.len() as u32;
    nninit_pictures::png((WIDTH, height), |canvas| draw(canvas, title, groups))
}

fn draw(canvas: &Canvas<'_>, title: &str, groups: &[Group]) -> Drawn {
    let (low, high) = range(groups).ok_or("there is nothing to draw")?;
    let mut chart = ChartBuilder::on(canvas)
        .caption(title, (FONT, 40))
        .margin(30)
        .x_label_area_size(50)
        .y_label_area_size(NAMES)
        .build_cartesian_2d((low..high).log_scale(), groups.len() as f64..0.0)?;
    chart
        .configure_mesh()
        .disable_mesh()
        .disable_axes()
        .draw()?;
    let bottom = groups.len() as f64;
    let style = (FONT, 28).into_text_style(canvas);
    for tick in TICKS.into_iter().filter(|tick| (low..high).contains(tick)) {
        let line = PathElement::new([(tick, 0.0), (tick, bottom)], BLACK.mix(0.15));
        chart.draw_series([line])?;
        let (x, y) = chart.backend_coord(&(tick, bottom));
        let centred = style.clone().pos(Pos::new(HPos::Center, VPos::Top));
        canvas.draw(&Text::new(format!("{tick}×"), (x, y + 12), centred))?;
    }
    let threads = threads(groups);
    for (&count, colour) in threads.iter().zip(COLOURS.into_iter().cycle()) {
        let plural = if count == 1 { "" } else { "s" };
        let bars = bars_of(groups, count).map(|(top, bar)| {
            Rectangle::new([(1.0, top), (bar.value, top + THICKNESS)], colour.filled())
        });
        chart
            .draw_series(bars)?
            .label(format!("{count} thread{plural}"))
            .legend(move |(x, y)| Rectangle::new([(x, y - 12), (x + 40, y + 12)], colour.filled()));
        let aims = bars_of(groups, count).filter_map(|(top, bar)| {
            let aim = bar.aim?;
            Some(PathElement::new(
                [(aim, top), (aim, top + THICKNESS)],
                BLACK.stroke_width(5),
            ))
        });
        chart.draw_series(aims)?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerRight)
        .label_font((FONT, 28))
        .legend_area_size(56)
        .margin(24)
        .background_style(WHITE)
        .border_style(BLACK.mix(0.3))
        .draw()?;
    let right = style.pos(Pos::new(HPos::Right, VPos::Center));
    for (index, group) in groups.iter().enumerate() {
        let (x, y) = chart.backend_coord(&(low, index as f64 + 0.5));
        canvas.draw(&Text::new(group.name.clone(), (x - 16, y), right.clone()))?;
    }
    Ok(())
}

/// Of a group's height.
const THICKNESS: f64 = 0.36;

/// Each bar with its upper edge.
fn bars_of(groups: &[Group], threads: usize) -> impl Iterator<Item = (f64, Bar)> {
    groups.iter().enumerate().flat_map(move |(index, group)| {
        let bars = group.bars.iter().enumerate();
        bars.filter(move |(_, bar)| bar.threads == threads)
            .map(move |(place, bar)| (index as f64 + 0.14 + THICKNESS * place as f64, *bar))
    })
}

fn threads(groups: &[Group]) -> Vec<usize> {
    let bars = groups.iter().flat_map(|group| &group.bars);
    let mut threads: Vec<_> = bars.map(|bar| bar.threads).collect();
    threads.sort_unstable();
    threads.dedup();
    threads
}

/// From just under the least to just over the greatest, 1 among them.
fn range(groups: &[Group]) -> Option<(f64, f64)> {
    let bars = groups.iter().flat_map(|group| &group.bars);
    let (low, high) = bars
        .flat_map(|bar| [Some(bar.value), bar.aim])
        .flatten()
        .fold((1.0_f64, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
    high.is_finite().then_some((low / 1.3, high.max(1.0) * 1.3))
}
