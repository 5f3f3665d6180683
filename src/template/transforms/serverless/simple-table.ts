/** AWS::Serverless::SimpleTable: a table with one key. */
import type { Expansion, Serverless } from './expansion.ts'
import { isMap, type Properties, pick, tagList } from './properties.ts'
import { invalid } from './refusals.ts'

const TYPES: Readonly<Record<string, string>> = { Binary: 'B', Number: 'N', String: 'S' }

export function expandSimpleTable({ id, properties, attributes }: Serverless, into: Expansion): void {
  const { PrimaryKey, ProvisionedThroughput, Tags } = properties
  const { Name = 'id', Type = 'String' } = (isMap(PrimaryKey) ? PrimaryKey : {}) as Properties
  if (!Object.hasOwn(TYPES, String(Type)))
    throw invalid(`Invalid 'Type' "${String(Type)}".`, ['Properties', 'PrimaryKey', 'Type'])
  into.put(
    id,
    'AWS::DynamoDB::Table',
    {
      AttributeDefinitions: [{ AttributeName: Name, AttributeType: TYPES[String(Type)] }],
      KeySchema: [{ AttributeName: Name, KeyType: 'HASH' }],
      ...pick(properties, [
        'TableName',
        'SSESpecification',
        'PointInTimeRecoverySpecification',
        'ProvisionedThroughput',
      ]),
      BillingMode: ProvisionedThroughput === undefined ? 'PAY_PER_REQUEST' : undefined,
      Tags: Tags === undefined ? undefined : tagList(Tags),
    },
    attributes,
  )
}
