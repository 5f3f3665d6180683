/** A stack as the fleet file describes it: template, name, parameters, and what CloudFormation may do for it. */
import * as z from 'zod/mini'
import { permission } from '../build-schema.ts'
import { expandText, OUTPUT_NAMES, STAGE_NAMES, type TextScope, textWith, valueWith } from '../text.ts'
import { artifactReference } from './artifact-reference.ts'

const standsForArtifact = (text: string) => artifactReference(text) !== undefined

export const stackSchema = z.strictObject({
  template: textWith(STAGE_NAMES).check(z.describe('template file in the artifact → TemplatePath')),
  stack: z
    .optional(textWith(STAGE_NAMES))
    .check(
      z.describe('stack name; ${pipeline} without it, of a branch ${pipeline}-${branchSlug} → StackName'),
    ),
  parameters: z
    ._default(
      z.record(z.string().check(z.regex(/^[A-Za-z0-9]{1,255}$/)), valueWith(OUTPUT_NAMES, standsForArtifact)),
      {},
    )
    .check(
      z.describe(
        'parameter values; ${artifact.bucket}, key, url and ${artifact.FILE.json:KEY} work too, the same of ${artifacts.NAME.…}, and outputs of deploys before it → ParameterOverrides',
      ),
    ),
  configuration: z
    .optional(textWith(STAGE_NAMES))
    .check(z.describe('template configuration file in the artifact → TemplateConfiguration')),
  capabilities: z
    .optional(z.array(z.enum(['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'])))
    .check(z.describe('read from the template without it → Capabilities')),
  permissions: z
    .optional(z.array(permission).check(z.minLength(1)))
    .check(
      z.describe(
        'what CloudFormation may do; computed from the template without it → of the CloudFormation role',
      ),
    ),
  permissionsFrom: z
    .optional(textWith(STAGE_NAMES))
    .check(z.describe('file to compute the permissions from, where the build writes the template')),
  replaceOnFailure: z
    ._default(z.boolean(), false)
    .check(
      z.describe(
        'delete a stack whose first deployment failed and make it anew; not with change sets → REPLACE_ON_FAILURE',
      ),
    ),
  terminationProtection: z
    ._default(z.boolean(), false)
    .check(
      z.describe(
        'nobody can delete the stack until somebody takes that back; leaving it out does not → a function in the account, invoked after each deploy: UpdateTerminationProtection',
      ),
    ),
  removed: z
    .optional(
      z.record(
        z.string().check(z.minLength(1)),
        z.strictObject({
          Type: z.string().check(z.minLength(1), z.describe('type of the resource')),
          Properties: z.optional(z.record(z.string(), z.unknown())).check(z.describe('its properties')),
        }),
      ),
    )
    .check(
      z.describe(
        'resources just taken out of the template, as they stood there, so that CloudFormation may delete them',
      ),
    ),
})
export type StackDeploy = z.output<typeof stackSchema>

/** What a stack is called that has no name in the file; of a branch's pipeline the branch follows. */
export const DEFAULT_STACK = '${pipeline}'

/** Gives the name of the stack that a deploy makes at one place. */
export const stackName = ({ stack }: StackDeploy, scope: TextScope): string =>
  expandText(stack ?? (scope.ofBranch ? `${DEFAULT_STACK}-\${branchSlug}` : DEFAULT_STACK), scope)
