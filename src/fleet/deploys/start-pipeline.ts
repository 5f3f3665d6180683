/** Another pipeline of the stage's account and region, started as a deploy. */
import * as z from 'zod/mini'
import { provider } from '../../pipeline/index.ts'
import { expandText, expandValues, OUTPUT_NAMES, STAGE_NAMES, textWith, valueWith } from '../text.ts'
import { deployKind } from './deploy-kind.ts'
import { nameField } from './deploy-name.ts'

const startSchema = z.strictObject({
  name: textWith(STAGE_NAMES).check(
    z.describe(
      'pipeline that exists in the account and region of the stage; it is started and not waited for',
    ),
  ),
  variables: z
    ._default(z.record(z.string().check(z.regex(/^[A-Za-z0-9@\-_]{1,128}$/)), valueWith(OUTPUT_NAMES)), {})
    .check(z.describe('values of its variables; #{Source.CommitId} works too')),
})

export const startPipeline = deployKind({
  key: 'startPipeline',
  schema: z.strictObject({
    ...nameField,
    startPipeline: startSchema.check(
      z.describe('another pipeline, started there → a CodePipeline invoke action'),
    ),
  }),
  expand: ({ startPipeline: start }, scope) => {
    const name = expandText(start.name, scope)
    const variables = Object.entries(expandValues(start.variables, scope)).map(([key, value]) => ({
      name: key,
      value,
    }))
    return {
      deploy: {
        name: `start-${name}-${scope.place}`,
        actionTypeId: provider.codePipelineInvoke.type,
        configuration: {
          PipelineName: name,
          ...(variables.length && { Variables: JSON.stringify(variables) }),
        },
        roleArn: scope.actionRole,
        region: scope.region,
      },
    }
  },
})
