/** What one template means at the door of the grants: what CloudFormation's role is told to need for it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Template } from '../src/model/index.ts'
import { stackNeeds } from '../src/synth/index.ts'
import { readDocument } from '../src/template/index.ts'

const FOLDER = join(import.meta.dirname, 'cases', 'template')

const caseSchema = z.object({
  name: z.string(),
  /** As data, or as the text that a person wrote. */
  template: z.union([
    z.record(z.string(), z.unknown()),
    z.string().transform((text) => readDocument(text).template as unknown as Record<string, unknown>),
  ]),
  parameters: z.record(z.string(), z.string()).default({}),
  stack: z.string().default('orders'),
  account: z.string().default('111111111111'),
  region: z.string().default('us-east-1'),
  grants: z
    .strictObject({
      /** `action resource`, and the context where there is one. */
      needs: z.array(z.string()).default([]),
      /** Patterns that no need may fit. */
      never: z.array(z.string()).default([]),
      /** A part of AWS's sentence. */
      refused: z.string().optional(),
    })
    .optional(),
})

const cases = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => z.array(caseSchema).parse(JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))))

const asked = cases.flatMap(({ grants, ...one }) => (grants ? [[one.name, one, grants] as const] : []))

const needsOf = ({ template, parameters, stack, account, region }: (typeof asked)[number][1]): string[] =>
  stackNeeds('arn:aws:iam::111111111111:role/cloudformation', {
    ...{ template: template as unknown as Template, parameters, stack, account, region },
  }).needs.map(
    ({ action, resource, context }) => `${action} ${resource}${context ? ` ${JSON.stringify(context)}` : ''}`,
  )

test.each(asked)('grants: %s', (_name, one, { needs, never, refused }) => {
  if (refused !== undefined) {
    expect(() => needsOf(one)).toThrow(refused)
    return
  }
  const told = needsOf(one)
  for (const need of needs) expect(told).toContain(need)
  for (const pattern of never) expect(told.filter((need) => new RegExp(pattern).test(need))).toEqual([])
})

test('there are cases', () => expect(asked.length).toBeGreaterThan(10))
