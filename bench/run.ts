/** `npm run bench [name…]`: runs every benchmark, or those named, and prints one table. */
import type { Measurement } from './measurement.ts'

const benchmarks: Record<string, () => Promise<{ run: () => Promise<Measurement[]> }>> = {
  startup: () => import('./startup.ts'),
  clients: () => import('./clients.ts'),
  iam: () => import('./iam.ts'),
  synth: () => import('./synth.ts'),
  proof: () => import('./proof.ts'),
  pipeline: () => import('./pipeline.ts'),
}

const named = process.argv.slice(2)
const unknown = named.find((name) => !(name in benchmarks))
if (unknown !== undefined) {
  console.error(`there is no benchmark "${unknown}"; there are ${Object.keys(benchmarks).join(', ')}`)
  process.exit(2)
}
for (const [name, load] of Object.entries(benchmarks)) {
  if (named.length && !named.includes(name)) continue
  const { run } = await load()
  for (const { name: what, value, unit, note } of await run())
    console.log(`${what.padEnd(48)} ${format(value).padStart(10)} ${unit.padEnd(12)} ${note ?? ''}`)
}

function format(value: number): string {
  if (Number.isNaN(value)) return '-'
  return value >= 100 ? value.toFixed(0) : value.toFixed(2)
}
