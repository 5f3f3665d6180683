/** Schema of one action of a stage whose actions are listed one by one. */
import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod/mini'
import type { ActionTypeId } from '../model/index.ts'
import { providers } from '../pipeline/index.ts'
import { region } from './region-schema.ts'
import { OUTPUT_NAMES, STAGE_NAMES, valueWith } from './text.ts'

/** AWS: names of stages and actions. */
const name = z.string().check(z.regex(/^[A-Za-z0-9.@_-]{1,100}$/, 'must be letters, digits and . @ - _'))

const categories = ['Source', 'Build', 'Deploy', 'Test', 'Invoke', 'Approval', 'Compute'] as const

/** Gives the keys of an action, in whose configuration `placeholders` may stand between `${` and `}`. */
const actionKeys = (placeholders: readonly string[]) => ({
  name: name.check(z.describe('name of the action')),
  provider: z.string().check(z.minLength(1), z.describe('action provider, Lambda for example')),
  category: z
    .optional(z.enum(categories))
    .check(z.describe('where a provider has several; CodeBuild builds without it')),
  owner: z._default(z.enum(['AWS', 'ThirdParty', 'Custom']), 'AWS').check(z.describe('whose provider it is')),
  version: z._default(z.string().check(z.minLength(1)), '1').check(z.describe('version of the action type')),
  configuration: z
    ._default(z.record(z.string().check(z.minLength(1), z.maxLength(50)), valueWith(placeholders)), {})
    .check(z.describe('keys of the provider, as AWS names them')),
  inputs: z
    ._default(z.array(z.string().check(z.minLength(1))), [])
    .check(z.describe('artifacts that it reads, SourceOutput for example')),
  outputs: z
    ._default(z.array(z.string().check(z.minLength(1))), [])
    .check(z.describe('artifacts that it writes')),
  region: z.optional(region).check(z.describe('region of the stage without it')),
  role: z
    .optional(z.string().check(z.regex(/^arn:[^:]+:iam::\d{12}:role\/.+/, 'must be the ARN of a role')))
    .check(z.describe('role it acts as; the pipeline’s role in the environment without it')),
  namespace: z
    .optional(z.string().check(z.minLength(1), z.maxLength(100)))
    .check(z.describe('what its output variables are found under')),
  commands: z
    .optional(z.array(z.string().check(z.minLength(1))).check(z.minLength(1)))
    .check(z.describe('of the provider Commands')),
  variables: z
    .optional(z.array(z.string().check(z.minLength(1))).check(z.minLength(1)))
    .check(z.describe('variables that it puts out')),
  timeout: z.optional(z.int().check(z.gte(5))).check(z.describe('minutes, of an approval')),
})

const known = z.superRefine<Pick<ActionFile, 'provider' | 'category' | 'owner' | 'version'>>(
  (action, context) => {
    const { owner, provider, category } = action
    if (owner !== 'AWS') {
      if (category) return
      context.addIssue({
        code: 'custom',
        message: `the provider ${provider} is not AWS’s, so its category is needed`,
        path: ['provider'],
        params: { fix: `add \`category\`, one of ${categories.join(', ')}` },
      })
    } else if (!providers.some(({ type }) => isDeepStrictEqual(type, typeOf(action))))
      context.addIssue({
        code: 'custom',
        message: `${provider} is no action provider${category ? ` of the category ${category}` : ''}`,
        path: ['provider'],
        params: { fix: `use one of ${[...new Set(providers.map((one) => one.type.provider))].join(', ')}` },
      })
  },
)

/** Which values the configuration takes is told by `src/pipeline`, when the whole pipeline is known. */
export const actionSchema = z
  .strictObject({
    ...actionKeys(STAGE_NAMES),
    runOrder: z
      ._default(z.int().check(z.gte(1), z.lte(999)), 1)
      .check(z.describe('actions of the same number run side by side')),
  })
  .check(known)
export type ActionFile = z.output<typeof actionSchema>

/** The same for an action among the steps of a stage, which have an order of their own. */
export const stepActionSchema = z.strictObject(actionKeys(OUTPUT_NAMES)).check(known)
export type StepActionFile = z.output<typeof stepActionSchema>

/** Gives the action type; of several categories of a provider the first that is known. */
export function typeOf({
  provider,
  category,
  owner,
  version,
}: Pick<ActionFile, 'provider' | 'category' | 'owner' | 'version'>): ActionTypeId {
  const known = providers.find(({ type }) => type.provider === provider && type.owner === owner)
  return { category: category ?? known?.type.category ?? 'Invoke', owner, provider, version }
}
