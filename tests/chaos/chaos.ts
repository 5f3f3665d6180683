/**
 * `npm run chaos`: kills the embedded cloud, does to calls what networks do, and sends it what nobody would send, for so
 * many minutes; prints what gave way. `--minutes 3`, `--seed 1` (printed always), `--only kills|faults|fuzz`. A finding
 * names the options that do it again: `--system`, `--weather`, `--silence`, `--case` and `--subject` limit a run to one round.
 */
import { parseArgs } from 'node:util'
import { faultRound } from './faults.ts'
import { killRound, SYSTEMS } from './kills.ts'
import { parserFuzz } from './parser-fuzz.ts'
import { type Finding, Tally } from './tally.ts'
import { wireFuzz } from './wire-fuzz.ts'

// The SDK's notice about old Node versions would stand between the figures.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

// So that what is running is ended too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const PARTS = ['kills', 'faults', 'fuzz'] as const
/** How much of the time each part gets when all run. */
const SHARE = { kills: 0.5, faults: 0.3, fuzz: 0.2 }
const PACE = { most: 8, calls: 90 }
/** Every so many rounds of faults one call is never answered, which takes a client's patience with one try. */
const SILENT_ROUND = 5

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '3' },
    seed: { type: 'string' },
    only: { type: 'string' },
    system: { type: 'string' },
    weather: { type: 'string' },
    silence: { type: 'boolean', default: false },
    case: { type: 'string' },
    subject: { type: 'string' },
  },
})
if (values.only && !PARTS.includes(values.only as 'kills'))
  throw new Error(`--only takes ${PARTS.join(', ')}`)
if (values.system && !SYSTEMS.some(({ name }) => name === values.system))
  throw new Error(`--system takes ${SYSTEMS.map(({ name }) => name).join(', ')}`)

const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed)
const minutes = Number(values.minutes)
const parts = PARTS.filter((part) => !values.only || values.only === part)
console.log(`chaos: seed ${seed}, ${minutes} minutes, ${parts.join(', ')}`)

/** Runs rounds with one seed after the other until the time is over; a finding's own round alone. */
async function rounds(
  minutesOfPart: number,
  isOne: boolean,
  round: (seed: number, number: number, until: number) => Promise<Tally>,
): Promise<void> {
  const until = Date.now() + minutesOfPart * 60_000
  for (let number = 0; number === 0 || (!isOne && Date.now() < until); number++) {
    const started = Date.now()
    const tally = await round(seed + number, number, until)
    console.log(`${tally.name}, seed ${seed + number}: ${((Date.now() - started) / 1000).toFixed(1)} s`)
  }
}

const kills = SYSTEMS.map(({ name }) => new Tally(name))
const faults = new Tally('faults')
const requests = new Tally('requests')
const parsers = new Tally('parsers')
const run: Readonly<Record<(typeof PARTS)[number], (minutes: number) => Promise<void>>> = {
  kills: (time) =>
    rounds(time, values.system !== undefined, async (own, number) => {
      const tally = values.system
        ? kills.find(({ name }) => name === values.system)!
        : kills[number % kills.length]!
      await killRound(tally.name, own, tally, PACE)
      return tally
    }),
  faults: (time) =>
    rounds(time, values.weather !== undefined, async (own, number) => {
      const silence = values.silence || (!values.weather && number % SILENT_ROUND === SILENT_ROUND - 1)
      await faultRound({ seed: own, weather: values.weather, silence }, faults)
      return faults
    }),
  fuzz: async (time) => {
    const only = values.case === undefined ? undefined : Number(values.case)
    const isOne = only !== undefined || values.subject !== undefined
    if (values.subject === undefined)
      await rounds(time / 2, isOne, async (own, _number, until) => {
        await wireFuzz({ seed: own, cases: 2_000, only, until }, requests)
        return requests
      })
    if (only === undefined)
      await rounds(time / 2, true, async (own, _number, until) => {
        await parserFuzz({ seed: own, subject: values.subject, until }, parsers)
        return parsers
      })
  },
}
const whole = parts.reduce((sum, part) => sum + SHARE[part], 0)
for (const part of parts) await run[part]((minutes * SHARE[part]) / whole)

const tallies = [...kills, faults, requests, parsers].filter((one) => !one.isEmpty)
const findings = tallies.flatMap((one) => one.findings)
for (const { kind, what, replay } of findings as Finding[])
  console.log(`\n${kind}: ${what}\n  again: ${replay}`)
console.log(`\n${Tally.table(tallies)}\n\nseed ${seed}`)
process.exitCode = findings.length ? 1 : 0
