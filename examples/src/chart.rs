//! Curves of training as a picture.

use std::fs::File;
use std::path::Path;

use anyhow::Context;
use nninit_pictures::plotters::coord::combinators::IntoLogRange;
use nninit_pictures::plotters::coord::ranged1d::{AsRangedCoord, ValueFormatter};
use nninit_pictures::plotters::prelude::*;
use nninit_pictures::{COLOURS, Canvas, Drawn, FONT};

/// Twice what a page shows, for sharp screens.
const SIZE: (u32, u32) = (1920, 1080);

/// A curve: one value before the first epoch and one after each.
#[derive(Debug, Clone)]
pub struct Line<'a> {
    /// What the legend calls it.
    pub name: &'a str,
    /// Above 0; others are left out.
    pub values: Vec<f64>,
}

/// The file of a picture: made before the training, so that a bad path is told at once.
///
/// # Errors
///
/// When it cannot be written.
pub fn create(path: &Path) -> anyhow::Result<File> {
    File::create(path).with_context(|| {
        format!(
            "cannot write {}; `--output PATH` puts the picture elsewhere",
            path.display()
        )
    })
}

/// The curves on a logarithmic scale, encoded as PNG.
///
/// # Errors
///
/// When no curve has a value that can be drawn.
pub fn png(title: &str, x: &str, y: &str, lines: &[Line<'_>]) -> anyhow::Result<Vec<u8>> {
    let values = lines.iter().flat_map(|line| &line.values).copied();
    let (low, high) = range(values).context("there is nothing to draw")?;
    let scale = (low..high).log_scale();
    nninit_pictures::png(SIZE, |canvas| {
        let corner = SeriesLabelPosition::UpperRight;
        draw(canvas, [title, x, y], lines, (scale, power_of_ten), corner)
    })
}

/// Curves of shares, from 0 to 1, encoded as PNG.
///
/// # Errors
///
/// When the picture cannot be encoded.
pub fn shares(title: &str, x: &str, y: &str, lines: &[Line<'_>]) -> anyhow::Result<Vec<u8>> {
    nninit_pictures::png(SIZE, |canvas| {
        let corner = SeriesLabelPosition::LowerRight;
        let percent = |share: f64| format!("{:.0} %", 100.0 * share);
        draw(canvas, [title, x, y], lines, (0.0..1.0, percent), corner)
    })
}

fn draw<Y>(
    canvas: &Canvas<'_>,
    [title, x, y]: [&str; 3],
    lines: &[Line<'_>],
    (scale, label): (Y, impl Fn(f64) -> String),
    corner: SeriesLabelPosition,
) -> Drawn
where
    Y: AsRangedCoord<Value = f64>,
    Y::CoordDescType: ValueFormatter<f64>,
{
    let longest = lines.iter().map(|line| line.values.len()).max();
    let epochs = longest.map_or(1, |values| values.max(2) - 1);
    let mut chart = ChartBuilder::on(canvas)
        .caption(title, (FONT, 46))
        .margin(36)
        .x_label_area_size(92)
        .y_label_area_size(132)
        .build_cartesian_2d(0..epochs, scale)?;
    chart
        .configure_mesh()
        .x_desc(x)
        .y_desc(y)
        .axis_desc_style((FONT, 34))
        .label_style((FONT, 30))
        .y_labels(8)
        .y_label_formatter(&|&value| label(value))
        .light_line_style(TRANSPARENT)
        .bold_line_style(BLACK.mix(0.12))
        .disable_x_mesh()
        .draw()?;
    for (line, colour) in lines.iter().zip(COLOURS.into_iter().cycle()) {
        let stroke = colour.stroke_width(5);
        let points = line
            .values
            .iter()
            .copied()
            .enumerate()
            .filter(|&(_, value)| drawable(value));
        chart
            .draw_series(LineSeries::new(points, stroke))?
            .label(line.name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 48, y)], stroke));
    }
    chart
        .configure_series_labels()
        .position(corner)
        .label_font((FONT, 32))
        .legend_area_size(64)
        .margin(24)
        .background_style(WHITE)
        .draw()?;
    Ok(())
}

/// Curves over numbers, on axes of their own.
#[derive(Debug, Clone)]
pub struct Panel {
    /// Above it.
    pub title: String,
    /// Below it.
    pub x: String,
    /// Their lowest points are marked.
    pub curves: Vec<Curve>,
}

/// One curve of a panel.
#[derive(Debug, Clone)]
pub struct Curve {
    /// What the legend calls it.
    pub name: String,
    /// By x; y is above 0, or left out.
    pub points: Vec<(f64, f64)>,
}

/// Panels side by side, with one logarithmic scale for all, encoded as PNG.
///
/// # Errors
///
/// When no curve has a value that can be drawn.
pub fn panels(y: &str, panels: &[Panel]) -> anyhow::Result<Vec<u8>> {
    nninit_pictures::png(SIZE, |canvas| draw_panels(canvas, y, panels))
}

fn draw_panels(canvas: &Canvas<'_>, y: &str, panels: &[Panel]) -> Drawn {
    let points = |panel: &Panel| -> Vec<(f64, f64)> {
        panel
            .curves
            .iter()
            .flat_map(|curve| curve.points.clone())
            .collect()
    };
    let values = panels.iter().flat_map(points).map(|(_, y)| y);
    let (low, high) = range(values).ok_or("there is nothing to draw")?;
    for (panel, area) in panels.iter().zip(canvas.split_evenly((1, panels.len()))) {
        let (left, right) = points(panel).into_iter().fold(
            (f64::INFINITY, f64::NEG_INFINITY),
            |(left, right), (x, _)| (left.min(x), right.max(x)),
        );
        let mut chart = ChartBuilder::on(&area)
            .caption(&panel.title, (FONT, 34))
            .margin(28)
            .x_label_area_size(92)
            .y_label_area_size(124)
            .build_cartesian_2d(left..right, (low..high).log_scale())?;
        chart
            .configure_mesh()
            .x_desc(&panel.x)
            .y_desc(y)
            .axis_desc_style((FONT, 32))
            .label_style((FONT, 28))
            .x_labels((right - left).max(1.0) as usize + 1)
            .x_label_formatter(&|value| format!("{value:.0}"))
            .y_label_formatter(&|&value| one_digit(value))
            .light_line_style(TRANSPARENT)
            .bold_line_style(BLACK.mix(0.12))
            .disable_x_mesh()
            .draw()?;
        for (curve, colour) in panel.curves.iter().zip(COLOURS.into_iter().cycle()) {
            let stroke = colour.stroke_width(5);
            let drawn = || curve.points.iter().copied().filter(|&(_, y)| drawable(y));
            chart
                .draw_series(LineSeries::new(drawn(), stroke))?
                .label(&curve.name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 48, y)], stroke));
            let lowest = drawn().min_by(|a, b| a.1.total_cmp(&b.1));
            chart.draw_series(lowest.map(|point| Circle::new(point, 12, colour.filled())))?;
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperMiddle)
            .label_font((FONT, 30))
            .legend_area_size(64)
            .margin(20)
            .background_style(WHITE)
            .draw()?;
    }
    Ok(())
}

/// All values, and some room.
fn range(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    let (low, high) = values
        .filter(|&value| drawable(value))
        .fold((f64::INFINITY, 0.0_f64), |(low, high), value| {
            (low.min(value), high.max(value))
        });
    low.is_finite().then_some((low / 1.5, high * 1.5))
}

/// With as many decimals as its first digit needs.
fn one_digit(value: f64) -> String {
    let decimals = (-value.log10().floor()).max(0.0) as usize;
    format!("{value:.decimals$}")
}

fn power_of_ten(value: f64) -> String {
    let decimals = (-value.log10().round()).max(0.0) as usize;
    format!("{value:.decimals$}")
}

fn drawable(value: f64) -> bool {
    value.is_finite() && value > 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(values: &[f64]) -> Line<'_> {
        let values = values.to_vec();
        Line { name: "He", values }
    }

    #[test]
    fn a_picture_is_made_of_what_can_be_drawn() {
        let bytes = png(
            "title",
            "x",
            "y",
            &[line(&[2.5, f64::NAN, 0.0, 0.1]), line(&[])],
        )
        .unwrap();
        let decoder = png::Decoder::new(std::io::Cursor::new(&bytes));
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        assert_eq!(reader.info().size(), SIZE);
        let RGBColor(r, g, b) = COLOURS[0];
        assert!(pixels.chunks_exact(3).any(|pixel| pixel == [r, g, b]));
    }

    #[test]
    fn labels_have_the_digit_that_tells_them_apart() {
        let labels = [0.06, 0.1, 0.4, 1.0, 3.0].map(one_digit);
        assert_eq!(labels, ["0.06", "0.1", "0.4", "1", "3"]);
    }

    #[test]
    fn panels_are_drawn_and_nothing_to_draw_is_an_error() {
        let panel = |points: &[(f64, f64)]| Panel {
            title: "title".to_owned(),
            x: "x".to_owned(),
            curves: vec![Curve {
                name: "curve".to_owned(),
                points: points.to_vec(),
            }],
        };
        assert!(
            panels(
                "y",
                &[
                    panel(&[(-3.0, 0.5), (-2.0, 0.25)]),
                    panel(&[(0.0, 1.0), (1.0, 1.0)])
                ]
            )
            .is_ok()
        );
        let error = panels("y", &[panel(&[(1.0, 0.0)])]).unwrap_err();
        assert_eq!(error.to_string(), "there is nothing to draw");
    }

    #[test]
    fn nothing_to_draw_is_an_error() {
        for values in [&[][..], &[f64::INFINITY, f64::NAN, -1.0]] {
            let error = png("title", "x", "y", &[line(values)]).unwrap_err();
            assert_eq!(error.to_string(), "there is nothing to draw");
        }
    }
}
