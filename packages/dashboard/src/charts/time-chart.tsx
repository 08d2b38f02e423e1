import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useFormat } from '../messages/language-provider.tsx';
import { darkness } from '../theme.ts';
import styles from './time-chart.module.css';

export interface ChartLine {
  readonly name: string;
  /** The name of a colour of theme.css. */
  readonly color: string;
  /** `null` where nothing is known. */
  readonly values: readonly (number | null)[];
  readonly isFilled?: boolean;
}

const HEIGHT = 190;

/** Lines over time. Its figures are in `label` for those who can't see it. */
export default function TimeChart({
  label,
  timeName,
  times,
  lines,
}: {
  label: string;
  /** What the legend calls the time. */
  timeName: string;
  /** Epoch seconds, ascending. */
  times: readonly number[];
  lines: readonly ChartLine[];
}) {
  const format = useFormat();
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const data = [times, ...lines.map(({ values }) => values)] as unknown as uPlot.AlignedData;
  const latest = useRef(data);
  const names = [timeName, ...lines.map(({ name }) => name)].join('\n');

  // biome-ignore lint/correctness/useExhaustiveDependencies: the chart is created again only when names change; data is updated below
  useEffect(() => {
    const parent = element.current;
    if (parent === null) return;
    const make = (): void => {
      chart.current?.destroy();
      chart.current = new uPlot(
        optionsOf(timeName, lines, parent.clientWidth, format),
        latest.current,
        parent,
      );
    };
    make();
    const resized = new ResizeObserver(() =>
      chart.current?.setSize({ width: parent.clientWidth, height: HEIGHT }),
    );
    resized.observe(parent);
    // A canvas doesn't follow the colours of the page by itself.
    const unsubscribe = darkness.subscribe(make);
    return () => {
      resized.disconnect();
      unsubscribe();
      chart.current?.destroy();
      chart.current = null;
    };
  }, [names, format]);

  useEffect(() => {
    latest.current = data;
    chart.current?.setData(data);
  });

  return <div ref={element} className={styles.chart} role="img" aria-label={label} />;
}

function optionsOf(
  timeName: string,
  lines: readonly ChartLine[],
  width: number,
  format: ReturnType<typeof useFormat>,
): uPlot.Options {
  const color = colors();
  const axis = {
    stroke: color('--muted'),
    font: `12px ${getComputedStyle(document.body).fontFamily}`,
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT,
    padding: [8, 8, 0, 0],
    legend: { live: true },
    cursor: { drag: { x: false, y: false }, points: { show: false } },
    scales: { y: { range: (_, __, max) => [0, Math.max(max * 1.05, 1)] } },
    axes: [
      { ...axis, space: 70, values: (_, times) => times.map((time) => format.time(time * 1_000)) },
      { ...axis, size: 48, values: (_, values) => values.map((value) => format.compact(value)) },
    ],
    series: [
      { label: timeName, value: (_, time) => (time == null ? '–' : format.time(time * 1_000)) },
      ...lines.map((line): uPlot.Series => {
        const stroke = color(line.color);
        return {
          label: line.name,
          stroke,
          width: 1.5,
          points: { show: false },
          ...(line.isFilled === true && { fill: color('--accent-soft') }),
          value: (_, value) => (value == null ? '–' : format.whole(value)),
        };
      }),
    ],
  };
}

/** Resolves the page's colours: a canvas knows neither `var()` nor `light-dark()`. */
function colors(): (name: string) => string {
  const probe = document.createElement('span');
  document.body.append(probe);
  const found = new Map<string, string>();
  return (name) => {
    const known = found.get(name);
    if (known !== undefined) return known;
    probe.style.color = `var(${name})`;
    const value = getComputedStyle(probe).color;
    found.set(name, value);
    // All are read before the first paint; the probe may go then.
    queueMicrotask(() => probe.remove());
    return value;
  };
}
