/** `npm run bench [name…]`: runs every benchmark, or those named, and prints one table. */
import { type Measurement, skipped } from './measurement.ts'
import { heading, rowOf } from './table.ts'

const benchmarks: Record<string, () => Promise<{ run: () => Promise<Measurement[]> }>> = {
  startup: () => import('./startup.ts'),
  clients: () => import('./clients.ts'),
  iam: () => import('./iam.ts'),
  synth: () => import('./synth.ts'),
  proof: () => import('./proof.ts'),
  commands: () => import('./commands.ts'),
  pipeline: () => import('./pipeline.ts'),
  executions: () => import('./executions.ts'),
  containers: () => import('./containers.ts'),
}

const named = process.argv.slice(2)
const unknown = named.find((name) => !(name in benchmarks))
if (unknown !== undefined) {
  console.error(`there is no benchmark "${unknown}"; there are ${Object.keys(benchmarks).join(', ')}`)
  process.exit(2)
}
console.log(heading())
for (const [name, load] of Object.entries(benchmarks)) {
  if (named.length && !named.includes(name)) continue
  const { run } = await load()
  // One that cannot run here must not hide the others.
  const measured = await run().catch((error: Error) => [skipped(name, error.message.split('\n')[0]!)])
  for (const one of measured) console.log(rowOf(one))
}
