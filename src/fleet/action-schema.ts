/** Schema of one action of a stage whose actions are listed one by one. */
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { ActionTypeId } from '../model/index.ts'
import { providers } from '../pipeline/index.ts'
import { region } from './region-schema.ts'
import { STAGE_NAMES, valueWith } from './text.ts'

/** AWS: names of stages and actions. */
const name = z.string().regex(/^[A-Za-z0-9.@_-]{1,100}$/, 'must be letters, digits and . @ - _')

const categories = ['Source', 'Build', 'Deploy', 'Test', 'Invoke', 'Approval', 'Compute'] as const

/** Which values the configuration takes is told by `src/pipeline`, when the whole pipeline is known. */
export const actionSchema = z
  .strictObject({
    name: name.describe('name of the action'),
    provider: z.string().min(1).describe('action provider, Lambda for example'),
    category: z
      .enum(categories)
      .optional()
      .describe('where a provider has several; CodeBuild builds without it'),
    owner: z.enum(['AWS', 'ThirdParty', 'Custom']).default('AWS').describe('whose provider it is'),
    version: z.string().min(1).default('1').describe('version of the action type'),
    configuration: z
      .record(z.string().min(1).max(50), valueWith(STAGE_NAMES))
      .default({})
      .describe('keys of the provider, as AWS names them'),
    inputs: z
      .array(z.string().min(1))
      .default([])
      .describe('artifacts that it reads, SourceOutput for example'),
    outputs: z.array(z.string().min(1)).default([]).describe('artifacts that it writes'),
    runOrder: z
      .number()
      .int()
      .min(1)
      .max(999)
      .default(1)
      .describe('actions of the same number run side by side'),
    region: region.optional().describe('region of the stage without it'),
    role: z
      .string()
      .regex(/^arn:[^:]+:iam::\d{12}:role\/.+/, 'must be the ARN of a role')
      .optional()
      .describe('role it acts as; the pipeline’s role in the environment without it'),
    namespace: z.string().min(1).max(100).optional().describe('what its output variables are found under'),
    commands: z.array(z.string().min(1)).min(1).optional().describe('of the provider Commands'),
    variables: z.array(z.string().min(1)).min(1).optional().describe('variables that it puts out'),
    timeout: z.number().int().min(5).optional().describe('minutes, of an approval'),
  })
  .superRefine((action, context) => {
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
  })
export type ActionFile = z.output<typeof actionSchema>

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
