/**
 * `npm run mutate`: prints how many mutants of every example's policies the proof catches, and with --run whether the
 * embedded cloud fails at the same calls, and writes both into docs/proof.md. Each example has a process of its own.
 */
import { fork } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { judge, judgeWidened, nameOf, proofFigures, runFigures, type Verdict } from './judge.ts'
import { type Subject, subjects } from './subjects.ts'
import { cloudWitness, proofWitness } from './witness.ts'

// The SDK's notice about old Node versions would stand between the figures.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'proof.md')
/** Lives side by side in one process: while one waits for git or a build, another goes on. */
const LANES = 3

/** The rows of one example, and what they leave out, in words. */
interface Rows {
  readonly proof: readonly (string | number)[]
  readonly run?: readonly (string | number)[]
  readonly remarks: readonly string[]
}

async function rowsOf(subject: Subject, withRuns: boolean): Promise<Rows> {
  const { name, templates, further } = subject
  const witness = proofWitness(further)
  const { verdicts, ...run } = withRuns
    ? await withLives(subject)
    : { verdicts: await judge(templates, witness), remarks: [] }
  const figures = proofFigures(verdicts, templates, further)
  const widened = judgeWidened(templates, further)
  const { mutants, weakened, caught, told, missed } = figures
  return {
    ...run,
    proof: [name, mutants, weakened, caught, told, missed.length, widened.mutants, widened.shown],
    remarks: [
      ...missed.map((mutant) => `missed ${mutant.name}`),
      ...widened.missed.map((mutant) => `not shown ${mutant.name}`),
      ...run.remarks,
    ],
  }
}

/** Judges with a life on the embedded cloud for every mutant. */
async function withLives({ name, templates, further, inhabitant }: Subject) {
  const resident = await inhabitant()
  try {
    const run = cloudWitness(resident)
    const { called = [], failure } = await run(templates)
    if (failure) throw new Error(`${name} does not live as it stands: ${failure}`)
    const verdicts = await judge(templates, proofWitness(further), { run, lanes: LANES })
    const { mutants, failed, held, untouched, disagreed } = runFigures(verdicts, called)
    return {
      verdicts,
      run: [name, mutants, failed, held, untouched.length, disagreed.length],
      remarks: [
        ...disagreed.map(disagreement),
        ...untouched.map(({ mutant }) => `not called ${mutant.name}`),
      ],
    }
  } finally {
    await resident.remove?.()
  }
}

const disagreement = ({ mutant, proof, run }: Verdict): string =>
  `disagree ${mutant.name}: the proof ${proof.failed ? `fails at ${proof.denied.slice(0, 3).map(nameOf).join(', ')}` : 'holds'}, the run ${run?.failed ? `fails: ${run.failure} ${run.denied.map(nameOf).join(', ')}` : 'gets through'}`

/** Does one example in a process of its own. */
function inProcess(name: string, words: readonly string[]): Promise<Rows> {
  const jiti = join(dirname(fileURLToPath(import.meta.resolve('jiti/package.json'))), 'lib', 'jiti-cli.mjs')
  return new Promise((resolve, reject) => {
    const child = fork(jiti, [fileURLToPath(import.meta.url), '--only', name, ...words])
    let rows: Rows | undefined
    child.on('message', (message) => {
      rows = message as Rows
    })
    child.on('exit', (code) => (rows ? resolve(rows) : reject(new Error(`${name} ended with ${code}`))))
  })
}

/** Writes a table between the marks of its name. */
function writeTable(
  mark: string,
  heads: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  const [begin, end] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`]
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  const table = [line(heads), `|${'---|'.repeat(heads.length)}`, ...rows.map(line)].join('\n')
  console.log(table)
  const [before, rest = ''] = readFileSync(PAGE, 'utf8').split(begin)
  writeFileSync(PAGE, `${before}${begin}\n${table}\n${end}${rest.split(end)[1] ?? ''}`)
}

const PROOF_HEADS = [
  'example',
  'mutants',
  'that take something away',
  'caught',
  'told as over-grant',
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

const words = process.argv.slice(2)
const isRun = words.includes('--run')
const all = await subjects()
const only = words.includes('--only') ? words[words.indexOf('--only') + 1] : undefined
if (process.send && only) {
  const rows = await rowsOf(all.find(({ name }) => name === only)!, isRun)
  process.send(rows, () => process.exit(0))
} else {
  const chosen = all.filter(({ name }) => only === undefined || name === only)
  const rows = await Promise.all(chosen.map(({ name }) => inProcess(name, isRun ? ['--run'] : [])))
  for (const { remarks } of rows) for (const remark of remarks) console.log(`  ${remark}`)
  if (only === undefined) {
    writeTable(
      'mutants',
      PROOF_HEADS,
      rows.map(({ proof }) => proof),
    )
    if (isRun)
      writeTable(
        'runs',
        RUN_HEADS,
        rows.flatMap(({ run }) => (run ? [run] : [])),
      )
  } else console.log(JSON.stringify(rows[0], undefined, 1))
}
