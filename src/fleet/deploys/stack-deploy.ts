/** A stack as the fleet file describes it: template, name, parameters, and what CloudFormation may do for it. */
import { z } from 'zod'
import { permission } from '../build-schema.ts'
import { expandText, STAGE_NAMES, type TextScope, textWith, valueWith } from '../text.ts'

/** AWS: attributes of an artifact that Fn::GetArtifactAtt gives. */
export const ARTIFACT_ATTRIBUTES: Readonly<Record<string, string>> = {
  '${artifact.bucket}': 'BucketName',
  '${artifact.key}': 'ObjectKey',
  '${artifact.url}': 'URL',
}

/** `${artifact.<file>.json:<key>}`: a value of a JSON file in the artifact. */
export const ARTIFACT_VALUE = /^\$\{artifact\.([^:}]+):([^:}]+)\}$/

const standsForArtifact = (text: string) =>
  Object.hasOwn(ARTIFACT_ATTRIBUTES, text) || ARTIFACT_VALUE.test(text)

export const stackSchema = z.strictObject({
  template: textWith(STAGE_NAMES).describe('template file in the artifact → TemplatePath'),
  stack: textWith(STAGE_NAMES).default('${pipeline}').describe('stack name → StackName'),
  parameters: z
    .record(z.string().regex(/^[A-Za-z0-9]{1,255}$/), valueWith(STAGE_NAMES, standsForArtifact))
    .default({})
    .describe(
      'parameter values; ${artifact.bucket}, ${artifact.key}, ${artifact.file.json:key} work too → ParameterOverrides',
    ),
  configuration: textWith(STAGE_NAMES)
    .optional()
    .describe('template configuration file in the artifact → TemplateConfiguration'),
  capabilities: z
    .array(z.enum(['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND']))
    .optional()
    .describe('read from the template without it → Capabilities'),
  permissions: z
    .array(permission)
    .min(1)
    .optional()
    .describe(
      'what CloudFormation may do; computed from the template without it → of the CloudFormation role',
    ),
  permissionsFrom: textWith(STAGE_NAMES)
    .optional()
    .describe('file to compute the permissions from, where the build writes the template'),
  removed: z
    .record(
      z.string().min(1),
      z.strictObject({
        Type: z.string().min(1).describe('type of the resource'),
        Properties: z.record(z.string(), z.unknown()).optional().describe('its properties'),
      }),
    )
    .optional()
    .describe(
      'resources just taken out of the template, as they stood there, so that CloudFormation may delete them',
    ),
})
export type StackDeploy = z.output<typeof stackSchema>

/** Gives the name of the stack that a deploy makes at one place. */
export const stackName = (deploy: StackDeploy, scope: TextScope): string => expandText(deploy.stack, scope)
