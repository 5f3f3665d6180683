/** The process that feeds the parsers: slice after slice, telling each, until it is ended or its one slice is over. */
import { cloudSubjects } from '../fuzz/cloud-subjects.ts'
import { fileSubjects } from '../fuzz/file-subjects.ts'
import { fuzz } from '../fuzz/fuzz.ts'
import { SLICE, type Told } from './parser-fuzz.ts'

const [first = '1', only] = process.argv.slice(2)
const tell = (told: Told) => process.send?.(told)

const cloud = await cloudSubjects()
const all = [...(await fileSubjects()), ...cloud.subjects]
const subjects = all.filter(({ name }) => only === undefined || name === only)
if (!subjects.length) throw new Error(`--subject takes ${all.map(({ name }) => `"${name}"`).join(', ')}`)

for (let seed = Number(first); ; seed += SLICE) {
  for (const subject of subjects) {
    tell({ begins: { subject: subject.name, seed } })
    const crashes = await fuzz(subject, { seed, cases: SLICE })
    const found = crashes.map((one) => ({
      seed: one.seed,
      what: `${(one.error as Error).stack?.split('\n').slice(0, 5).join('\n')}\n${one.input.slice(0, 500)}`,
    }))
    tell({ ended: { cases: SLICE, crashes: found } })
  }
  if (only !== undefined) break
}
await cloud.stop()
process.disconnect?.()
