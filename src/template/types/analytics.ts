/** What CloudFormation needs for Glue and Athena resources. */
import { handlersPage, registry, type TypeTable } from './type-facts.ts'

const CATALOG = 'arn:aws:glue:{region}:{account}:catalog'
const DATABASE = 'arn:aws:glue:{region}:{account}:database/{DatabaseInput.Name}'
const CONNECTION = 'arn:aws:glue:{region}:{account}:connection/*'

const database = {
  create: ['glue:CreateDatabase'],
  read: ['glue:GetDatabase'],
  update: ['glue:UpdateDatabase'],
  delete: ['glue:DeleteDatabase'],
}
const FEDERATED = ['DatabaseInput.FederatedDatabase']

export const analytics: TypeTable = {
  'AWS::Glue::Database': {
    ...handlersPage('glue/databases', '0ade0a920233'),
    grants: [
      // AWS: what lies in the catalog is authorized on the catalog too; a database is deleted with its tables.
      { on: CATALOG, ...database },
      { on: DATABASE, ...database },
      ...['table', 'userDefinedFunction'].map((kind) => ({
        on: `arn:aws:glue:{region}:{account}:${kind}/{DatabaseInput.Name}/*`,
        delete: ['glue:DeleteDatabase'],
      })),
      ...[CATALOG, CONNECTION].map((on) => ({
        on,
        when: FEDERATED,
        read: ['glue:GetConnection'],
        update: ['glue:UpdateConnection'],
        delete: ['glue:DeleteConnection'],
      })),
      { on: CATALOG, when: FEDERATED, create: ['glue:CreateConnection'] },
      { on: CONNECTION, when: FEDERATED, create: ['glue:PassConnection'] },
      // AWS: Lake Formation tells whether it rules over the database; asking is authorized on no resource.
      {
        on: '*',
        read: [
          'lakeformation:DescribeLakeFormationIdentityCenterConfiguration',
          'lakeformation:DescribeResource',
          'lakeformation:ListResources',
        ],
      },
    ],
  },
  'AWS::Athena::WorkGroup': {
    ...registry('AWS::Athena::WorkGroup', '085bf76a423c'),
    name: { property: 'Name' },
    grants: [
      {
        on: 'arn:aws:athena:{region}:{account}:workgroup/{name}',
        create: ['athena:CreateWorkGroup'],
        read: ['athena:GetWorkGroup'],
        update: ['athena:UpdateWorkGroup'],
        delete: ['athena:DeleteWorkGroup'],
        tag: ['athena:ListTagsForResource', 'athena:TagResource', 'athena:UntagResource'],
      },
    ],
  },
}
