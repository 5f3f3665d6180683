/** `npm run chaos` */
import { killRound, SYSTEMS } from './kills.ts'
import { Tally } from './tally.ts'
import { wireFuzz } from './wire-fuzz.ts'

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
const [name = 'hello', seed = '1', most = '6', calls = '60'] = process.argv.slice(2)
const t = new Tally(name)
const started = Date.now()
if (name === 'fuzz') await wireFuzz({ seed: Number(seed), cases: Number(most) }, t)
else await killRound(name as 'hello', Number(seed), t, { most: Number(most), calls: Number(calls) })
console.log(Date.now() - started, SYSTEMS.length)
for (const f of t.findings) console.log(f)
console.log(Tally.table([t]))
