/** Systems of plain CloudFormation templates that tests prove, whole or with changes. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import {
  type CheckResults,
  countQuotas,
  findOvergrants,
  lint,
  type PlacedTemplate,
  prove,
  readLandscape,
} from '../src/access/index.ts'
import type { Template } from '../src/model/index.ts'
import { readDocument } from '../src/template/index.ts'

const HUB = { account: '111111111111', region: 'us-east-1' }
const TARGET = { account: '222222222222', region: 'us-east-1' }

const textOf = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'cases', 'proof', 'stacks', `${name}.yaml`), 'utf8')

/** A copy, since cases change it. */
const read = (name: string): Template => structuredClone(readDocument(textOf(name)).template)

const outputs = {
  KeyArn: { stack: 'hub', target: HUB, output: 'KeyArn' },
  Bucket: { stack: 'hub', target: HUB, output: 'BucketName' },
}
const hub = (Mode: string): PlacedTemplate => ({
  stack: 'hub',
  target: HUB,
  template: read('hub'),
  parameters: { TargetAccount: TARGET.account, Mode },
  file: 'hub.yaml',
})
const target = (name: string): PlacedTemplate => ({
  stack: 'target',
  target: TARGET,
  template: read(name),
  parameters: { HubAccount: HUB.account },
  parametersFrom: outputs,
  file: `${name}.yaml`,
})

/** The organization of both accounts, with the account that manages it. */
const organization = (management: string): PlacedTemplate => ({
  stack: 'organization',
  target: { ...HUB, account: management },
  template: read('organization'),
  parameters: { Hub: HUB.account, Target: TARGET.account },
  file: 'organization.yaml',
})

/** By name, the stacks of a system that works as it stands. */
export const systems = {
  /** CloudFormation in another account, code read from the artifact by the stack's role. */
  stack: () => [hub('stack'), target('target')],
  /** A rolling deployment of an ECS service in another account. */
  service: () => [hub('service'), target('service')],
  /** The same in an organization with policies, managed from a third account. */
  organization: () => [hub('stack'), target('target'), organization('999999999999')],
  /** The same, managed from the hub. */
  management: () => [hub('stack'), target('target'), organization(HUB.account)],
}

/** A change of one place in one stack; list items are named by Sid, Name or PolicyName, or by their index. */
export const changeSchema = z.strictObject({
  stack: z.enum(['hub', 'target', 'organization']),
  at: z.string(),
  /** Absent means that the place is removed. */
  to: z.unknown().optional(),
})
export type Change = z.infer<typeof changeSchema>

/** Checks a system with changes made to it. */
export function checkStacks(system: keyof typeof systems, changes: readonly Change[]): CheckResults {
  const stacks = systems[system]()
  for (const change of changes) apply(stacks.find(({ stack }) => stack === change.stack)!.template, change)
  return check(stacks)
}

/** Everything a check finds in templates. */
export function check(templates: readonly PlacedTemplate[], complete = false): CheckResults {
  const landscape = readLandscape(templates)
  const proof = prove(landscape, { complete })
  return {
    proof,
    findings: lint({ landscape, proof, complete }),
    excesses: findOvergrants(landscape, proof),
    quotas: countQuotas(landscape),
  }
}

// biome-ignore lint/suspicious/noExplicitAny: templates are trees of anything
type Tree = any

export function apply(template: Template, { at, ...change }: Omit<Change, 'stack'>): void {
  const steps = at.split('.')
  const last = steps.pop()!
  let place: Tree = template
  for (const step of steps) place = place[keyOf(place, step)]
  if (place === undefined) throw new Error(`there is no ${at}`)
  const key = keyOf(place, last)
  if (Array.isArray(place) && last === '+') place.push(change.to)
  else if ('to' in change) place[key] = change.to
  else if (Array.isArray(place)) place.splice(Number(key), 1)
  else delete place[key]
}

function keyOf(place: Tree, step: string): string | number {
  if (!Array.isArray(place) || /^\d+$/.test(step)) return step
  const index = place.findIndex((item) => [item?.Sid, item?.Name, item?.PolicyName].includes(step))
  if (index < 0 && step !== '+')
    throw new Error(`there is no ${step} in ${JSON.stringify(place).slice(0, 200)}`)
  return index
}
