/** What one template means, asked at every door: what the proof reads in it, and what the cloud makes of it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { type PlacedTemplate, StandIns, templateFindings } from '../../src/access/index.ts'
import { scopesOf } from '../../src/access/landscape/read-landscape.ts'
import { readDocument, TemplateFault } from '../../src/template/index.ts'
import { startTestCloud } from '../conformance/cloud.ts'
import { driveStacks } from '../conformance/cloudformation/stack-driver.ts'

const FOLDER = join(import.meta.dirname, 'template')

/** What a door gives: the outputs, or what it refuses, each by a part of AWS's sentence. */
const answer = z.strictObject({
  outputs: z.record(z.string(), z.string()).optional(),
  refused: z.array(z.string()).optional(),
  /** Whether the request itself is refused, and no stack is made. */
  atOnce: z.boolean().optional(),
})

const caseSchema = z.strictObject({
  name: z.string(),
  /** Data, or the text itself where that matters. */
  template: z.union([z.record(z.string(), z.unknown()), z.string()]),
  parameters: z.record(z.string(), z.string()).default({}),
  stack: z.string().default('orders'),
  account: z.string().default('111111111111'),
  region: z.string().default('us-east-1'),
  /** Absent: the door is not asked. */
  proof: answer.optional(),
  cloud: answer.optional(),
  grants: z.unknown().optional(),
})
type Case = z.infer<typeof caseSchema>

const cases = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => z.array(caseSchema).parse(JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))))
const running = await startTestCloud()

/** The events that tell why a stack was not made. */
const FAILED = /CREATE_FAILED|ROLLBACK_IN_PROGRESS/

const Capabilities = ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'] as const

const asked = (door: 'proof' | 'cloud') =>
  cases.flatMap((one) => (one[door] ? [[one.name, one, one[door]] as const] : []))

const textOf = (template: Case['template']): string =>
  typeof template === 'string' ? template : JSON.stringify(template)

test.each(asked('proof'))('proof: %s', (_name, one, { outputs, refused = [] }) => {
  const { told, values } = proven(one)
  expect(told).toEqual(refused.map((text) => expect.stringContaining(text)))
  if (outputs) expect(values).toEqual(outputs)
})

function proven({ template, parameters, stack, account, region }: Case): {
  readonly told: readonly string[]
  readonly values?: Record<string, string>
} {
  try {
    const target = { account, region }
    const document = readDocument(textOf(template), parameters, target)
    const placed: PlacedTemplate = { ...document, stack, target, parameters, file: 'template.json' }
    const [scope] = scopesOf([placed], new StandIns())
    const names = Object.keys(document.template.Outputs ?? {})
    return {
      told: templateFindings([placed]).map(({ message }) => message),
      values: Object.fromEntries(names.map((name) => [name, scope!.text(scope!.output(name))])),
    }
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error
    return { told: [error.message] }
  }
}

test.each(asked('cloud'))('cloud: %s', async (_name, one, { outputs, refused = [], atOnce }) => {
  const stacks = driveStacks(running, { account: one.account, region: one.region })
  const Parameters = Object.entries(one.parameters).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  }))
  const told: string[] = []
  const made = await stacks.create(one.stack, one.template as never, { Parameters, Capabilities: [...Capabilities] }).catch((error: Error) => {
    told.push(error.message)
  })
  if (made && made.StackStatus !== 'CREATE_COMPLETE')
    told.push((await stacks.events(one.stack)).find((text) => FAILED.test(text)) ?? '')
  const given = made && outputs && (await stacks.outputs(one.stack))
  if (made) await stacks.remove(one.stack)
  expect(told).toEqual(refused.map((text) => expect.stringContaining(text)))
  if (outputs) expect(given).toEqual(outputs)
  if (atOnce !== undefined) expect(made === undefined).toBe(atOnce)
})
