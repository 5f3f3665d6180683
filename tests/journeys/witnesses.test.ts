/** Three witnesses: what the pipelines need, what the proof finds in the templates, what the cloud saw being called. */
import { existsSync, readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isFailed, prove } from '../../src/access/index.ts'
import { ofAssembly } from '../../src/cli/proof-input.ts'
import type { TrailEntry } from '../../src/cloud/index.ts'
import type { Assembly, Need } from '../../src/model/index.ts'
import { type Example, failureOf, openExample, type Shipment, ship, shipChange } from './ship.ts'
import { callsOf, isMet, isProven, LATER, show } from './witness.ts'

/** A change to each example that makes its second execution update what the first has made. */
const CHANGES: Readonly<Record<string, { files: string[]; from: string; to: string }>> = {
  hello: {
    files: ['src/greeting.mjs', 'test/greeting.test.mjs'],
    from: 'Hello, ',
    to: 'Good morning, ',
  },
  web: { files: ['site/index.html'], from: 'Put here', to: 'Left here' },
}

const examples = readdirSync('examples').filter((name) => existsSync(`examples/${name}/crossdock.yaml`))

/** The calls of the assembly's roles. */
const used = (assembly: Assembly, trail: readonly TrailEntry[]): TrailEntry[] =>
  callsOf(
    new Set(assembly.waves.flat().flatMap(({ target, template }) => rolesOf(template, target.account))),
    trail,
  )

const rolesOf = (template: Assembly['waves'][number][number]['template'], account: string): string[] =>
  Object.values(template.Resources).flatMap(({ Type, Properties = {} }) =>
    Type === 'AWS::IAM::Role'
      ? [`arn:aws:iam::${account}:role${Properties.Path ?? '/'}${Properties.RoleName}`]
      : [],
  )

describe.each(examples)('%s', (name) => {
  let example: Example
  let shipment: Shipment
  let calls: TrailEntry[]
  let needs: Need[]

  beforeAll(async () => {
    example = await openExample(name, name, `example/${name}`)
    shipment = await ship(example)
    expect(failureOf(shipment)).toBe('')
    const change = CHANGES[name]
    if (change) {
      const state = await shipChange(example, shipment, change)
      expect(failureOf({ state })).toBe('')
    }
    calls = used(example.assembly, shipment.cloud.trail.entries())
    needs = example.assembly.pipelines.flatMap((pipeline) => pipeline.needs)
  })
  afterAll(async () => {
    await shipment?.end()
    await example?.remove()
  })

  test('makes no call that no need tells of', () => {
    const untold = calls.filter((call) => !needs.some((need) => isMet(need, call)))
    expect(untold.map(show)).toEqual([])
  })

  test('needs nothing that it does not call, but for what happens to its stacks later', () => {
    const must = needs.filter((need) => !need.optional)
    const idle = must.filter((need) => !calls.some((call) => isMet(need, call)))
    expect(idle.filter((need) => !LATER.some((excuse) => excuse.covers(need))).map(show)).toEqual([])
  })

  test('is proven, and calls nothing that the proof has not looked at', () => {
    const { landscape, further } = ofAssembly(example.assembly)
    const { edges } = prove(landscape, { further, complete: true })
    expect(edges.filter(isFailed).map(({ need }) => show(need))).toEqual([])
    const unseen = calls.filter((call) => !edges.some(({ need }) => isProven(need, call)))
    expect(unseen.map(show)).toEqual([])
  })
})
