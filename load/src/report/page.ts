import { stringify } from 'yaml'
import { airlineChart } from './charts/airlines.ts'
import { cacheChart } from './charts/cache.ts'
import { cpuChart, eventLoopChart, lagChart, memoryChart } from './charts/gateway.ts'
import { histogramChart } from './charts/histogram.ts'
import { latencyChart } from './charts/latency.ts'
import { rateChart } from './charts/rates.ts'
import { el, htmlOf, type Markup } from './markup.ts'
import type { Results } from './results.ts'
import { style } from './style.ts'
import { auditTable, codesTable, faultsTable, objectivesTable, stepsTable } from './tables.ts'
import { milliseconds, percent, whole } from './words.ts'

/** The report as one page that needs nothing else: no script, no font, no picture from elsewhere. */
export function reportPage(results: Results): string {
  const { title, scenario } = results
  const charts = [
    latencyChart(results),
    histogramChart(results),
    rateChart(results),
    airlineChart(results),
    cacheChart(results),
    eventLoopChart(results),
    memoryChart(results),
    cpuChart(results),
    lagChart(results),
  ]
  const body = [
    ...heading(results),
    tiles(results),
    objectivesTable(results),
    el('h2', {}, 'Pictures'),
    el('div', { class: 'charts' }, charts),
    el('h2', {}, 'Requests'),
    stepsTable(results),
    el('div', { class: 'two' }, codesTable(results), auditTable(results)),
    faultsTable(results),
    el('h2', {}, 'What was asked'),
    el(
      'div',
      { class: 'card' },
      el('details', {}, el('summary', {}, 'The scenario, defaults filled in'), el('pre', {}, stringify(scenario))),
    ),
  ]
  const head = el(
    'head',
    {},
    { html: '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">' },
    // Browsers ask every site for one; this is an empty picture.
    { html: '<link rel="icon" href="data:,">' },
    el('title', {}, `${title} – load report`),
    { html: `<style>${style}</style>` },
  )
  return `<!doctype html>\n<html lang="en">${htmlOf([head, el('body', {}, el('main', {}, body))])}</html>\n`
}

function heading(results: Results): Markup[] {
  const {
    title,
    target,
    startedAt,
    seconds,
    plannedSeconds,
    interrupted,
    passed,
    objectives,
    seed,
    configHash,
    today,
    machine,
    generator,
  } = results
  const verdict = !passed ? 'failed' : objectives.length > 0 ? 'all objectives met' : 'no answer was wrong'
  const length = interrupted ? `stopped after ${seconds.toFixed(0)} of ${plannedSeconds} s` : `${seconds.toFixed(0)} s`
  return [
    el(
      'header',
      {},
      el('h1', {}, title),
      el('span', { class: `verdict ${passed ? 'good' : 'bad'}` }, verdict),
      interrupted ? el('span', { class: 'verdict warn' }, 'interrupted') : null,
    ),
    el(
      'p',
      { class: 'sub' },
      `${target} · ${startedAt.slice(0, 19).replace('T', ' ')} UTC · ${length} · seed ${seed} · config ${configHash} · days counted from ${today}`,
    ),
    el('p', { class: 'sub' }, machine),
    ...(generator.starved === null ? [] : [el('p', { class: 'warning' }, generator.starved)]),
  ]
}

function tiles({ totals, latency, achievedRate, generator, bookings }: Results): Markup {
  const booked = (bookings.held ?? 0) + (bookings.confirmed ?? 0) + (bookings.cancelled ?? 0)
  const shown: [figure: string, name: string][] = [
    [`${achievedRate.toFixed(1)}/s`, 'searches answered'],
    [milliseconds(latency.p50), 'median latency'],
    [milliseconds(latency.p99), 'p99 latency'],
    [milliseconds(latency['p99.9']), 'p99.9 latency'],
    [percent(totals.errorShare), 'errors'],
    [whole(totals.wrong), 'wrong answers'],
    [percent(totals.completeness), 'complete searches'],
    [percent(totals.cacheHitShare), 'from the cache'],
    [whole(booked), 'bookings made'],
    [milliseconds(generator.lag.p99), 'own lag, p99'],
  ]
  return el(
    'div',
    { class: 'tiles' },
    shown.map(([figure, name]) => el('div', { class: 'tile' }, el('b', {}, figure), el('span', {}, name))),
  )
}
