/**
 * `npm run mutate [--run]`: prints how many mutants of every example's policies the proof catches, and writes it into
 * docs/proof.md; with --run each mutant of examples/hello is also run on the embedded cloud.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openExample } from '../journeys/ship.ts'
import { type Figures, figuresOf, judge, judgeWidened, type WidenedFigures } from './judge.ts'
import { type Subject, subjectOf, subjects } from './subjects.ts'
import { cloudWitness, proofWitness } from './witness.ts'

// The SDK's notice about old Node versions would stand between the figures.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'proof.md')
const LANES = 4

/** Runs every mutant of an example on the embedded cloud as well. */
async function withRuns(name: string, pipeline: string, repository: string): Promise<string[]> {
  const example = await openExample(name, pipeline, repository)
  try {
    const { templates, further } = subjectOf(name, example.assembly)
    const run = cloudWitness(example)
    const { called } = await run(templates)
    const verdicts = await judge(templates, proofWitness(further, true), { run, lanes: LANES })
    const { mutants, disagreed, untouched } = figuresOf(verdicts, called)
    for (const { mutant, proof, run: met } of disagreed)
      console.log(
        `  disagree ${mutant.name}: proof ${proof.failed}, run ${met?.failed} ${JSON.stringify(met?.denied)}`,
      )
    return [
      `| ${name} | ${mutants} | ${mutants - disagreed.length - untouched} | ${untouched} | ${disagreed.length} |`,
    ]
  } finally {
    await example.remove()
  }
}

async function withProof({ name, templates, further }: Subject): Promise<string> {
  const figures = figuresOf(await judge(templates, proofWitness(further, true)))
  const widened = judgeWidened(templates, further)
  for (const { name: mutant } of [...figures.missed, ...widened.missed]) console.log(`  missed ${mutant}`)
  return row(name, figures, widened)
}

function row(name: string, { mutants, weakened, caught, missed }: Figures, widened: WidenedFigures): string {
  return `| ${name} | ${mutants} | ${weakened} | ${caught} | ${missed.length} | ${widened.mutants} | ${widened.shown} |`
}

/** Writes a table between the marks of its name. */
function writeTable(mark: string, heads: readonly string[], rows: readonly string[]): void {
  const [begin, end] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`]
  const table = [`| ${heads.join(' | ')} |`, `|${'---|'.repeat(heads.length)}`, ...rows].join('\n')
  console.log(table)
  const [before, rest = ''] = readFileSync(PAGE, 'utf8').split(begin)
  writeFileSync(PAGE, `${before}${begin}\n${table}\n${end}${rest.split(end)[1] ?? ''}`)
}

const rows: string[] = []
for (const subject of await subjects()) rows.push(await withProof(subject))
writeTable(
  'mutants',
  ['example', 'mutants', 'that take something away', 'caught', 'missed', 'that grant more', 'shown'],
  rows,
)
if (process.argv.includes('--run'))
  writeTable(
    'runs',
    ['example', 'mutants', 'proof and run agree', 'lack what one run does not call', 'disagree'],
    await withRuns('hello', 'hello', 'example/hello'),
  )
