/** New code of a function as a deploy: a version is published, and an alias moves to it at once or share by share. */
import * as z from 'zod/mini'
import { DEPLOYMENT_ALARMS, parseStrategy, provider } from '../../pipeline/index.ts'
import { expandText, STAGE_NAMES, textWith } from '../text.ts'
import { artifactFields } from './deploy-fields.ts'
import { type DeployScope, deployKind } from './deploy-kind.ts'
import { nameField } from './deploy-name.ts'

/** Text that stands for another in each place is looked at there. */
const strategy = textWith(STAGE_NAMES).check(
  z.superRefine((text, context) => {
    const problem = problemIn(text)
    if (problem === undefined) return
    context.addIssue({
      code: 'custom',
      message: `the strategy ${problem}`,
      params: {
        fix: 'write AllAtOnce, Canary10Percent5Minutes or Linear10PercentEvery1Minute, with your own numbers',
      },
    })
  }),
)

function problemIn(text: string): string | undefined {
  const read = text.includes('${') ? undefined : parseStrategy(text)
  return read && 'problem' in read ? read.problem : undefined
}

const lambdaSchema = z
  .strictObject({
    function: textWith(STAGE_NAMES).check(
      z.describe('function that exists in the account and region of the stage, with a published version'),
    ),
    alias: z
      .optional(textWith(STAGE_NAMES))
      .check(
        z.describe(
          'alias of it that exists, with one version behind it; without one the new version is published alone → FunctionAlias',
        ),
      ),
    strategy: z
      .optional(strategy)
      .check(z.describe('how the alias moves to the new version; at once without it → DeployStrategy')),
    alarms: z
      .optional(z.array(textWith(STAGE_NAMES)).check(z.minLength(1), z.maxLength(DEPLOYMENT_ALARMS)))
      .check(
        z.describe('alarms there; one that goes off fails the deploy and takes the alias back → Alarms'),
      ),
  })
  .check(
    z.superRefine((deploy, context) => {
      if (deploy.strategy !== undefined && deploy.alias === undefined)
        context.addIssue({
          code: 'custom',
          message: 'without an alias there is no traffic to shift',
          path: ['strategy'],
          params: { fix: 'add `alias`, or take out `strategy`' },
        })
    }),
  )

export const lambda = deployKind({
  key: 'lambda',
  schema: z.strictObject({
    ...nameField,
    lambda: lambdaSchema.check(
      z.describe('new code of a function, which is the artifact → a Lambda deploy action'),
    ),
    ...artifactFields,
  }),
  expand: ({ lambda: { function: named, alias, strategy: shift, alarms } }, scope) => {
    const text = (value: string) => expandText(value, scope)
    return {
      deploy: {
        name: actionName(text(named), alias === undefined ? undefined : text(alias), scope),
        actionTypeId: provider.lambdaDeploy.type,
        configuration: {
          FunctionName: text(named),
          ...(alias !== undefined && { FunctionAlias: text(alias) }),
          ...(shift !== undefined && { DeployStrategy: text(shift) }),
          ...(alarms && { Alarms: alarms.map(text).join(',') }),
        },
        inputArtifacts: [{ name: scope.input }],
        roleArn: scope.actionRole,
        region: scope.region,
      },
    }
  },
})

/** Not `deploy`, as the stack that makes the function is. Several aliases of a function may be moved in one stage; that of the environment goes without saying. */
const actionName = (named: string, alias: string | undefined, { environment, place }: DeployScope): string =>
  ['publish', named, ...(alias === undefined || alias === environment ? [] : [alias]), place].join('-')
