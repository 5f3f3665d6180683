/** Writes every generated file of the repository again: `npm run generate [part …]`. */
import { generateApi } from './generate-api.js'
import { generateCommands } from './generate-commands.js'
import { generateFleet } from './generate-fleet.js'
import { generateModels } from './generate-models.js'
import { generateSpec } from './generate-spec.js'

const parts = {
  models: generateModels,
  api: generateApi,
  spec: generateSpec,
  fleet: generateFleet,
  commands: generateCommands,
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in parts))
if (unknown.length > 0) {
  console.error(`Unknown part: ${unknown.join(', ')}. Parts: ${Object.keys(parts).join(', ')}`)
  process.exit(2)
}
for (const [name, generate] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.log(`\n${name}`)
  await generate()
}
