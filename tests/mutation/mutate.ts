/**
 * `npm run mutate`: prints how many mutants of every example's policies the proof catches, and with --run whether the
 * embedded cloud fails at the same calls, and writes both into docs/proof.md. Names of examples limit it to them, and
 * nothing is written then.
 */
import { fork } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { askedBy, usage } from './asked.ts'
import { judge, judgeWidened, nameOf, proofFigures, runFigures, type Verdict } from './judge.ts'
import { type Mutant, mutantsOf } from './mutants.ts'
import { isLiving, type LivingSubject, SUBJECTS, type Subject, subjects } from './subjects.ts'
import { type Call, cloudWitness, proofWitness } from './witness.ts'

// The SDK's notice about old Node versions would stand between the figures.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'proof.md')
/** Lives side by side in one process: while one waits for git or a build, another goes on. */
const LANES = 3
/** Mutants that one process judges. */
const PART = 40

/** The rows of one example, and what they leave out, in words. */
interface Rows {
  readonly proof: Row
  readonly run?: Row
  readonly remarks: readonly string[]
}
type Row = readonly (string | number)[]

/** What one process finds: verdicts by the place of their mutants, and what the unchanged system calls. */
interface Part {
  readonly verdicts: readonly (Omit<Verdict, 'mutant'> & { readonly index: number })[]
  readonly called: readonly Call[]
}

/** Judges every so-manieth mutant, with a life on the embedded cloud for each. */
async function judgePart(
  { name, templates, further, inhabitant }: LivingSubject,
  part: Share,
): Promise<Part> {
  const resident = await inhabitant()
  try {
    const run = cloudWitness(resident)
    const { called = [], failure } = await run(templates)
    if (failure) throw new Error(`${name} does not live as it stands: ${failure}`)
    const wanted = (_mutant: Mutant, index: number) => index % part.of === part.number
    const verdicts = await judge(templates, proofWitness(further), { run, lanes: LANES, wanted })
    return {
      called: [...new Map(called.map((call) => [nameOf(call), call])).values()],
      verdicts: verdicts.map(({ proof, run: met }, place) => ({
        index: place * part.of + part.number,
        proof,
        run: met && { ...met, called: [] },
      })),
    }
  } finally {
    await resident.remove?.()
  }
}

interface Share {
  readonly number: number
  readonly of: number
}

/** Gives the rows of an example; `parts` come from processes of their own, and only the proof speaks without them. */
async function rowsOf({ name, templates, further }: Subject, parts?: readonly Part[]): Promise<Rows> {
  const mutants = [...mutantsOf(templates)]
  const verdicts = parts
    ? parts.flatMap((part) => part.verdicts.map(({ index, ...one }) => ({ ...one, mutant: mutants[index]! })))
    : await judge(templates, proofWitness(further))
  const { weakened, caught, told, spared, missed } = proofFigures(verdicts, templates, further)
  const widened = judgeWidened(templates, further)
  const runs = parts && runFigures(verdicts, parts[0]!.called)
  return {
    proof: [
      name,
      verdicts.length,
      weakened,
      caught,
      told,
      spared,
      missed.length,
      widened.mutants,
      widened.shown,
    ],
    ...(runs && {
      run: [name, runs.mutants, runs.failed, runs.held, runs.untouched.length, runs.disagreed.length],
    }),
    remarks: [
      ...missed.map((mutant) => `missed ${mutant.name}`),
      ...widened.missed.map((mutant) => `not shown ${mutant.name}`),
      ...(runs?.disagreed.map(disagreement) ?? []),
      ...(runs?.untouched.map(({ mutant }) => `not called ${mutant.name}`) ?? []),
    ],
  }
}

const disagreement = ({ mutant, proof, run }: Verdict): string =>
  `disagree ${mutant.name}: the proof ${proof.failed ? `fails at ${proof.denied.slice(0, 3).map(nameOf).join(', ')}` : 'holds'}, the run ${run?.failed ? `fails: ${run.failure} ${run.denied.map(nameOf).join(', ')}` : 'gets through'}`

/** Judges a part of an example in a process of its own. */
function inProcess(name: string, { number, of }: Share): Promise<Part> {
  const jiti = join(dirname(fileURLToPath(import.meta.resolve('jiti/package.json'))), 'lib', 'jiti-cli.mjs')
  return new Promise((resolve, reject) => {
    const child = fork(jiti, [fileURLToPath(import.meta.url), 'part', name, String(number), String(of)])
    let found: Part | undefined
    child.on('message', (message) => {
      found = message as Part
    })
    child.on('exit', (code) => (found ? resolve(found) : reject(new Error(`${name} ended with ${code}`))))
  })
}

/** Judges all parts of the examples, as many at once as there are processors, or as the environment says. */
async function partsOf(chosen: readonly Subject[]): Promise<Map<string, Part[]>> {
  const found = new Map(chosen.map(({ name }) => [name, [] as Part[]]))
  const tasks = chosen
    .flatMap(({ name, templates }) => {
      const of = Math.ceil([...mutantsOf(templates)].length / PART)
      return Array.from({ length: of }, (_, number) => ({ name, number, of }))
    })
    .values()
  const worker = async () => {
    for (const { name, ...part } of tasks) found.get(name)!.push(await inProcess(name, part))
  }
  const workers = Number(process.env.MUTATE_WORKERS ?? availableParallelism())
  await Promise.all(Array.from({ length: workers }, worker))
  return found
}

/** Prints a table, and writes it between the marks of its name. */
function showTable(mark: string, heads: Row, rows: readonly Row[], isWritten: boolean): void {
  const [begin, end] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`]
  const line = (cells: Row) => `| ${cells.join(' | ')} |`
  const table = [line(heads), `|${'---|'.repeat(heads.length)}`, ...rows.map(line)].join('\n')
  console.log(table)
  if (!isWritten) return
  const [before, rest = ''] = readFileSync(PAGE, 'utf8').split(begin)
  writeFileSync(PAGE, `${before}${begin}\n${table}\n${end}${rest.split(end)[1] ?? ''}`)
}

const PROOF_HEADS = [
  'example',
  'mutants',
  'that take something away',
  'caught',
  'told as over-grant',
  'that AWS goes on without',
  'missed',
  'that grant more',
  'shown',
]
const RUN_HEADS = [
  'example',
  'mutants',
  'both fail, at the same call',
  'both get through',
  'lack what no run calls',
  'disagree',
]

/** Gives what is asked for. Ends the process where that is help, or nothing that there is. */
function askedOrEnd(words: readonly string[]): ReturnType<typeof askedBy> {
  try {
    const asked = askedBy(words, SUBJECTS)
    if (!asked.help) return asked
    console.log(usage(SUBJECTS))
    process.exit(0)
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage(SUBJECTS)}`)
    process.exit(2)
  }
}

/** Prints the figures, and writes them where all examples are asked for. */
async function showFigures(names: readonly string[], runs: boolean): Promise<void> {
  const chosen = await subjects(SUBJECTS.filter((name) => names.includes(name)))
  const parts = runs ? await partsOf(chosen.filter(isLiving)) : undefined
  const rows = await Promise.all(chosen.map((subject) => rowsOf(subject, parts?.get(subject.name))))
  for (const { remarks } of rows) for (const remark of remarks) console.log(`  ${remark}`)
  const isAll = chosen.length === SUBJECTS.length
  showTable(
    'mutants',
    PROOF_HEADS,
    rows.map(({ proof }) => proof),
    isAll,
  )
  const ran = rows.flatMap(({ run }) => (run ? [run] : []))
  if (ran.length) showTable('runs', RUN_HEADS, ran, isAll)
}

const words = process.argv.slice(2)
if (words[0] === 'part') {
  const [, name, number, of] = words
  const [living] = (await subjects([name!])).filter(isLiving)
  const part = await judgePart(living!, { number: Number(number), of: Number(of) })
  process.send?.(part, () => process.exit(0))
} else {
  const { names, runs } = askedOrEnd(words)
  await showFigures(names, runs)
}
