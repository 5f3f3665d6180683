/** EventInvokeConfig: where the outcome of asynchronous calls goes. */
import { type Expansion, passedOn, type Serverless } from './expansion.ts'
import { shortHash } from './logical-id.ts'
import { arnOf, functionName, isMap, isNoValue, type Properties, pick, tagList } from './properties.ts'
import { invalid } from './refusals.ts'
import { allowing } from './role.ts'

const ACTIONS: Readonly<Record<string, string>> = {
  SQS: 'sqs:SendMessage',
  SNS: 'sns:publish',
  EventBridge: 'events:PutEvents',
  Lambda: 'lambda:InvokeFunction',
  S3Bucket: 's3:PutObject',
}

/** Makes the configuration; gives the inline policies that the function's role needs. Errors: InvalidResource. */
export function putInvokeConfig(
  source: Serverless,
  alias: string | undefined,
  into: Expansion,
): Properties[] {
  const { id, properties, attributes } = source
  const { EventInvokeConfig: given } = properties
  if (!isMap(given)) return []
  const { DestinationConfig = {} } = given
  const policies: Properties[] = []
  const destinations: Record<string, unknown> = {}
  for (const [outcome, one] of Object.entries(DestinationConfig as Record<string, Properties>)) {
    if (outcome !== 'OnSuccess' && outcome !== 'OnFailure') continue
    const found = destination(source, outcome, one, into)
    destinations[outcome] = { Destination: found.place }
    policies.push(found.policy)
  }
  into.put(
    `${id}EventInvokeConfig`,
    'AWS::Lambda::EventInvokeConfig',
    {
      ...pick(given, ['MaximumEventAgeInSeconds', 'MaximumRetryAttempts']),
      DestinationConfig: destinations,
      FunctionName: { Ref: id },
      Qualifier: alias ?? '$LATEST',
    },
    { ...attributes, DependsOn: alias === undefined ? undefined : [`${id}Alias${alias}`] },
  )
  return policies
}

interface Destination {
  readonly place: unknown
  readonly policy: Properties
}

function destination(source: Serverless, outcome: string, given: Properties, into: Expansion): Destination {
  const { Type, Destination: place } = given
  if (typeof Type !== 'string' || !Object.hasOwn(ACTIONS, Type))
    throw invalid(
      `'Type: ${Type === undefined ? 'None' : String(Type)}' must be one of ['SQS', 'SNS', 'EventBridge', 'Lambda', 'S3Bucket']`,
      ['Properties', 'EventInvokeConfig', 'DestinationConfig', outcome],
    )
  const base = `${source.id}EventInvokeConfig`
  const found = Type === 'SQS' || Type === 'SNS' ? placeOrOwn(source, outcome, Type, place, into) : place
  if (Type === 'S3Bucket') return { place: found, policy: bucketPolicy(`${base}${outcome}S3Policy`, found) }
  return { place: found, policy: allowing(`${base}${outcome}${Type}Policy`, ACTIONS[Type]!, found) }
}

/** AWS: a queue or a topic is made where none is given, and where a condition gives none in one of its branches. */
function placeOrOwn(
  { id, properties, attributes }: Serverless,
  outcome: string,
  type: 'SQS' | 'SNS',
  given: unknown,
  into: Expansion,
): unknown {
  const [kind, word] = type === 'SQS' ? ['AWS::SQS::Queue', 'Queue'] : ['AWS::SNS::Topic', 'Topic']
  const base = `${id}EventInvokeConfig`
  const made = `${base}${outcome}${word}`
  const reference = type === 'SQS' ? arnOf(made) : { Ref: made }
  const passed = passedOn(attributes)
  const make = (Condition: unknown) => {
    const Tags =
      properties.PropagateTags === true && isMap(properties.Tags) ? tagList(properties.Tags) : undefined
    into.put(made, kind!, { Tags }, { ...passed, Condition })
    into.refer(id, `Destination${word}`, made)
  }
  if (given === undefined || isNoValue(given)) {
    make(passed.Condition)
    return reference
  }
  if (functionName(given) !== 'Fn::If') return given
  const [condition, then, otherwise] = (given as Properties)['Fn::If'] as [string, unknown, unknown]
  if (isNoValue(then)) {
    make(condition)
    return { 'Fn::If': [condition, reference, otherwise] }
  }
  if (!isNoValue(otherwise)) return given
  const not = into.negated(condition, shortHash(base))
  make(not)
  return { 'Fn::If': [not, reference, then] }
}

const bucketPolicy = (PolicyName: string, bucket: unknown): Properties => ({
  PolicyName,
  PolicyDocument: {
    Statement: [
      { Action: 's3:PutObject', Effect: 'Allow', Resource: { 'Fn::Join': ['/', [bucket, '*']] } },
      { Action: 's3:ListBucket', Effect: 'Allow', Resource: bucket },
    ],
  },
})
