/** Prints how many mutants of every example's policies the proof catches, and writes it into docs/proof.md. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Figures, figuresOf, judge, judgeWidened, type WidenedFigures } from './judge.ts'
import { subjects } from './subjects.ts'
import { proofWitness } from './witness.ts'

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'proof.md')
const [BEGIN, END] = ['<!-- mutants -->', '<!-- /mutants -->']

const rows: string[] = []
for (const { name, templates, further } of await subjects()) {
  const figures = figuresOf(await judge(templates, proofWitness(further, true)))
  const widened = judgeWidened(templates, further)
  rows.push(row(name, figures, widened))
  console.log(rows.at(-1))
  for (const { name: mutant } of [...figures.missed, ...widened.missed]) console.log(`  missed ${mutant}`)
}
writeTable(rows)

function row(name: string, { mutants, weakened, caught, missed }: Figures, widened: WidenedFigures): string {
  return `| ${name} | ${mutants} | ${weakened} | ${caught} | ${missed.length} | ${widened.mutants} | ${widened.shown} |`
}

function writeTable(lines: readonly string[]): void {
  const head =
    '| example | mutants | that take something away | caught | missed | that grant more | shown |\n|---|---|---|---|---|---|---|'
  const page = readFileSync(PAGE, 'utf8')
  const [before, rest = ''] = page.split(BEGIN)
  const after = rest.split(END)[1] ?? ''
  writeFileSync(PAGE, `${before}${BEGIN}\n${head}\n${lines.join('\n')}\n${END}${after}`)
}
