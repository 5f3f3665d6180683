/** AWS::Serverless::Function: the function with its role, its version and alias, its address, and what starts it. */

import { expandEvents } from './events/index.ts'
import type { Attributes, Expansion, Serverless } from './expansion.ts'
import { passedOn } from './expansion.ts'
import { functionCode } from './function-code.ts'
import { putUrl } from './function-url.ts'
import { publish } from './function-version.ts'
import { putInvokeConfig } from './invoke-config.ts'
import { rolePolicies, tracingPolicy } from './policies.ts'
import { arnOf, functionName, isMap, isNoValue, ownTags, type Properties, pick } from './properties.ts'
import { invalid } from './refusals.ts'
import { assumedBy, joined, roleProperties } from './role.ts'

/** What CloudFormation takes under the same name. */
const AS_GIVEN =
  `FunctionName Handler Runtime Description MemorySize Timeout VpcConfig Environment KmsKeyArn Layers
  ReservedConcurrentExecutions FileSystemConfigs ImageConfig PackageType CodeSigningConfigArn Architectures SnapStart
  EphemeralStorage RuntimeManagementConfig LoggingConfig RecursiveLoop TenancyConfig DurableConfig
  CapacityProviderConfig FunctionScalingConfig PublishToLatestPublished`.split(/\s+/)

export function expandFunction(source: Serverless, into: Expansion): void {
  const { id, properties, attributes } = source
  const Tags = ownTags(properties, 'lambda:createdBy')
  const { Role, Tracing } = properties
  const lambda: Properties = {
    ...pick(properties, AS_GIVEN),
    Code: functionCode(properties, into),
    DeadLetterConfig: deadLetters(properties),
    TracingConfig: Tracing === undefined || Tracing === 'Disabled' ? undefined : { Mode: Tracing },
    Role: Role ?? arnOf(`${id}Role`),
    Tags,
  }
  const { reference, alias, described } = publish(source, lambda, into)
  into.put(id, 'AWS::Lambda::Function', { ...lambda, ...described }, attributes)
  putUrl(source, reference, into)
  const destinations = putInvokeConfig(source, alias, into)
  const started = expandEvents(
    { source, kind: 'Function', reference, ...(alias !== undefined && { aliased: true }) },
    into,
  )
  const boundary = properties.PermissionsBoundary
  const role = ownRole(Role, id, passedOn(attributes), into)
  if (!role) return
  into.put(
    role.id,
    'AWS::IAM::Role',
    {
      ...roleProperties({
        trust: properties.AssumeRolePolicyDocument ?? assumedBy('lambda.amazonaws.com'),
        policies: joined(
          basicPolicies(properties, into),
          { managed: [], inline: [...deadLetterPolicy(properties), ...destinations] },
          rolePolicies(properties.Policies, role.id, into),
          started,
        ),
        path: properties.RolePath,
        boundary,
        tags: Tags,
      }),
    },
    role.attributes,
  )
  if (functionName(Role) === 'Fn::If')
    into.put(id, 'AWS::Lambda::Function', { ...lambda, ...described, Role: role.reference }, attributes)
}

/** AWS: a role is made where none is given, and where a condition gives none in one of its branches. */
function ownRole(
  given: unknown,
  id: string,
  attributes: Attributes,
  into: Expansion,
): { id: string; attributes: Attributes; reference: unknown } | undefined {
  const role = { id: `${id}Role`, attributes, reference: arnOf(`${id}Role`) as unknown }
  if (given === undefined || isNoValue(given)) return role
  if (functionName(given) !== 'Fn::If') return undefined
  const [condition, ...branches] = (given as Properties)['Fn::If'] as [string, unknown, unknown]
  if (!branches.some(isNoValue)) return undefined
  const Condition = isNoValue(branches[0]) ? condition : into.negated(condition)
  return {
    ...role,
    attributes: { ...attributes, Condition },
    reference: { 'Fn::If': [condition, ...branches.map((one) => (isNoValue(one) ? role.reference : one))] },
  }
}

function basicPolicies({ Tracing, VpcConfig }: Properties, { partition }: Expansion) {
  const managed = (name: string) => `arn:${partition}:iam::aws:policy/${name}`
  return {
    managed: [
      managed('service-role/AWSLambdaBasicExecutionRole'),
      ...(Tracing === undefined || Tracing === 'Disabled' ? [] : [tracingPolicy(partition)]),
      ...(VpcConfig === undefined ? [] : [managed('service-role/AWSLambdaVPCAccessExecutionRole')]),
    ],
    inline: [],
  }
}

const DEAD_LETTER_ACTIONS: Readonly<Record<string, string>> = { SQS: 'sqs:SendMessage', SNS: 'sns:Publish' }

/** Errors: InvalidResource in the translator's words. */
function deadLetters({ DeadLetterQueue: given }: Properties): Properties | undefined {
  if (given === undefined || functionName(given)) return given as Properties | undefined
  const path = ['Properties', 'DeadLetterQueue']
  if (!isMap(given) || given.Type === undefined || given.TargetArn === undefined)
    throw invalid("'DeadLetterQueue' requires Type and TargetArn properties to be specified.", path)
  if (!Object.hasOwn(DEAD_LETTER_ACTIONS, String(given.Type)))
    throw invalid("'DeadLetterQueue' requires Type of ['SQS', 'SNS']", path)
  return { TargetArn: given.TargetArn }
}

function deadLetterPolicy({ DeadLetterQueue: given }: Properties): Properties[] {
  if (!isMap(given) || given.TargetArn === undefined) return []
  const Statement = [
    { Action: DEAD_LETTER_ACTIONS[String(given.Type)], Resource: given.TargetArn, Effect: 'Allow' },
  ]
  return [{ PolicyName: 'DeadLetterQueuePolicy', PolicyDocument: { Version: '2012-10-17', Statement } }]
}
