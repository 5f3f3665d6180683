/** What is made of the schema of fleet files says what the schema says: the JSON Schema, the page of every key, the types. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { fleetPage } from '../scripts/fleet-page.js'
import { schema } from '../src/cli/commands/schema.ts'
import { fleetJsonSchema, loadFleet } from '../src/fleet/index.ts'
import { defineFleet } from '../src/index.ts'
import { runCommand } from './run-command.ts'
import { FLEETS } from './synth-fleets.ts'

const ROOT = join(import.meta.dirname, '..')
const REFERENCE = join(ROOT, 'docs', 'fleet-reference.yaml')
const textOf = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8')

test('the published JSON Schema is the one that `crossdock schema` prints (npm run generate fleet)', async () => {
  const { status, text } = await runCommand(schema, {})
  expect(status).toBe(0)
  expect(`${text}\n`).toBe(textOf('fleet.schema.json'))
})

test('the page of every key is made of the schema and of the reference (npm run generate fleet)', () => {
  expect(fleetPage(fleetJsonSchema(), parse(textOf('docs', 'fleet-reference.yaml')))).toBe(
    textOf('docs', 'fleet-file.md'),
  )
})

test('a key without an example or without words is told', () => {
  const properties = { fleet: { type: 'string', description: 'name' }, hub: { type: 'string' } }
  expect(() => fleetPage({ properties }, { hub: 'x' })).toThrow(
    'fleet stands nowhere in docs/fleet-reference.yaml\nhub has no description',
  )
})

test('a map with keys of another tells only its own', () => {
  const text = (name: string) => ({ type: 'string', description: name })
  const common = Object.fromEntries([...'abcdefgh'].map((name) => [name, text(name)]))
  const map = (properties: object) => ({ properties, description: 'a map' })
  const page = fleetPage(
    { properties: { one: map(common), other: map({ ...common, z: text('z') }) } },
    { one: { a: 'x', b: 'x', c: 'x', d: 'x', e: 'x', f: 'x', g: 'x' }, other: { h: 'x', z: 'x' } },
  )
  expect(page).toContain(
    '## `other`\n\nAs in [`one`](#one): `a`, `b`, `c`, `d`, `e`, `f`, `g`, `h`.\n\n| key',
  )
  expect(page).toContain('| `z` |')
})

test('the reference is a fleet', async () => {
  const { pipelines } = await loadFleet(REFERENCE)
  expect(pipelines.length).toBeGreaterThan(4)
})

test.each(Object.entries(FLEETS))('the fleet file of %s names the schema for editors', (_name, file) => {
  const [, path] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(file, 'utf8')) ?? []
  expect(join(file, '..', path!)).toBe(join(ROOT, 'fleet.schema.json'))
})

test('defineFleet takes what a fleet file takes, and nothing else', () => {
  const hub = { account: '111111111111', region: 'us-east-1' }
  const environments = { dev: { account: '222222222222', regions: ['us-east-1'] } }
  const source = { github: 'acme/orders', paths: ['src/**'] }
  const fleet = defineFleet({
    fleet: 'acme',
    hub,
    environments,
    'x-notes': 1,
    defaults: { source },
    pipelines: {
      orders: {
        build: { compute: 'large', environment: { RATE: 1.1 } },
        deploy: [{ cloudformation: { template: 't.yaml' } }, { s3: { bucket: 'b' } }],
        stages: ['dev', { environment: 'dev', name: 'again', approve: { emails: ['ops@acme.example'] } }],
      },
      empty: null,
    },
  })
  expect(fleet.fleet).toBe('acme')
  const rest = { fleet: 'acme', hub, environments }
  const deploy = [{ s3: { bucket: 'b' } }]
  const stages = ['dev']
  // @ts-expect-error: a fleet has a hub
  defineFleet({ fleet: 'acme', environments, pipelines: {} })
  // @ts-expect-error: no such key
  defineFleet({ ...rest, tag: {}, pipelines: {} })
  // @ts-expect-error: no such size
  defineFleet({ ...rest, pipelines: { a: { source, deploy, stages, build: { compute: 'larg' } } } })
  // @ts-expect-error: no such kind of deploy
  defineFleet({ ...rest, pipelines: { a: { source, deploy: [{ ftp: { host: 'h' } }], stages } } })
  // @ts-expect-error: an account id is text
  defineFleet({ ...rest, hub: { account: 111111111111, region: 'us-east-1' }, pipelines: {} })
})
