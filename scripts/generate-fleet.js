/** Writes what is made of the schema of fleet files: the JSON Schema for editors, and the page of every key. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createJiti } from 'jiti'
import { parse } from 'yaml'
import { fleetPage } from './fleet-page.js'

const ROOT = join(import.meta.dirname, '..')

export async function generateFleet() {
  const { fleetJsonSchema } = await createJiti(import.meta.url).import('../src/fleet/index.ts')
  writeFileSync(join(ROOT, 'fleet.schema.json'), `${JSON.stringify(fleetJsonSchema('ref'), null, 2)}\n`)
  const reference = parse(readFileSync(join(ROOT, 'docs', 'fleet-reference.yaml'), 'utf8'))
  writeFileSync(join(ROOT, 'docs', 'fleet-file.md'), fleetPage(fleetJsonSchema(), reference))
  console.log('fleet.schema.json, docs/fleet-file.md')
}
