/** `npm run chaos`: kills the embedded cloud at random moments, for so many minutes, and prints what gave way. */
import { killRound, SYSTEMS } from './kills.ts'
import { Tally } from './tally.ts'

// The SDK's notice about old Node versions would stand between the figures.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

const t = new Tally('hello')
const [name = 'hello', seed = '1', most = '6', calls = '60'] = process.argv.slice(2)
const started = Date.now()
await killRound(name as 'hello', Number(seed), t, { most: Number(most), calls: Number(calls) })
console.log(Date.now() - started, SYSTEMS.length)
for (const f of t.findings) console.log(f)
console.log(Tally.table([t]))
