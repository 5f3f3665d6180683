/** What CloudFormation needs for a stack of any template: for its resources, and for the code that stands elsewhere. */
import { formatArn, type Need, type TemplateResource } from '../model/index.ts'
import { type ExecutionNeeds, executionNeeds, type StackSurroundings } from './permissions/execution-needs.ts'
import { expandServerless } from './permissions/expand-serverless.ts'
import { resolveText, type TextSurroundings } from './permissions/resolve-text.ts'

/** Properties that say where a type's code or definition is: bucket, key, and version where one may be named. */
const CODE: Readonly<
  Record<string, readonly [property: string, bucket: string, key: string, version?: string]>
> = {
  'AWS::Lambda::Function': ['Code', 'S3Bucket', 'S3Key', 'S3ObjectVersion'],
  'AWS::Lambda::LayerVersion': ['Content', 'S3Bucket', 'S3Key', 'S3ObjectVersion'],
  'AWS::ApiGateway::RestApi': ['BodyS3Location', 'Bucket', 'Key', 'Version'],
  'AWS::ApiGatewayV2::Api': ['BodyS3Location', 'Bucket', 'Key', 'Version'],
  'AWS::StepFunctions::StateMachine': ['DefinitionS3Location', 'Bucket', 'Key', 'Version'],
}

/** A template in its stack; serverless resources may still be in it. */
export interface StackOfTemplate extends StackSurroundings {
  /** Whether the stack is only deleted. */
  readonly deletes?: boolean
}

/** Gives the needs of the role that CloudFormation acts as for one stack. */
export function stackNeeds(role: string, { deletes, ...around }: StackOfTemplate): ExecutionNeeds {
  const { needs, unknownTypes } = templateNeeds(role, {
    ...around,
    template: expandServerless(around.template),
  })
  if (!deletes) return { needs, unknownTypes }
  return { needs: needs.filter(({ phase }) => phase === 'read' || phase === 'delete'), unknownTypes }
}

/** Gives the needs for a template without serverless resources. */
export function templateNeeds(role: string, around: StackSurroundings): ExecutionNeeds {
  const { needs, unknownTypes } = executionNeeds(role, around)
  const code = Object.entries(around.template.Resources).flatMap(([id, resource]) =>
    codeNeeds(role, id, resource, around),
  )
  return { needs: code.length ? [...needs, ...code] : needs, unknownTypes }
}

/**
 * AWS: code is read from its bucket as the stack's role. What an action's overrides take from an artifact is not told
 * here: the declaration of the pipeline tells it.
 */
function codeNeeds(
  role: string,
  id: string,
  { Type, Properties = {} }: TemplateResource,
  around: TextSurroundings,
): Need[] {
  const [property = '', bucket = '', key = '', version = ''] = CODE[Type] ?? []
  const place = Properties[property] as Readonly<Record<string, unknown>> | undefined
  if (typeof place !== 'object' || place === null) return []
  const because = `to read the code of ${id} in the stack ${around.stack}`
  const action = version in place ? 's3:GetObjectVersion' : 's3:GetObject'
  return resolveText(place[bucket], around)
    .filter((name) => /^[a-z0-9.-]+$/.test(name))
    .flatMap((name) =>
      resolveText(place[key], around).map((object) => ({
        principal: role,
        action,
        resource: formatArn('s3', '', '', `${name}/${object}`),
        because,
      })),
    )
}
