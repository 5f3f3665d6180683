/** A new version of a product of Service Catalog, from a template in an artifact. */
import { type ActionDeclaration, formatArn } from '../../model/index.ts'
import { inputNeeds } from '../compute-needs.ts'
import { type ActionProvider, awsAction, between, needAll } from '../provider.ts'

const OPERATIONS = [
  'servicecatalog:ListProvisioningArtifacts',
  'servicecatalog:CreateProvisioningArtifact',
  'servicecatalog:DescribeProvisioningArtifact',
  'servicecatalog:DeleteProvisioningArtifact',
  'servicecatalog:UpdateProduct',
]

/**
 * AWS: "AWS Service Catalog deploy action reference": the version is told in the configuration or in a file of the
 * artifact. Products have ARNs of the service `catalog` ("Actions defined by AWS Service Catalog").
 */
export const serviceCatalog: ActionProvider = {
  type: awsAction('Deploy', 'ServiceCatalog'),
  inputs: between(1, 1),
  // AWS: the table of artifacts has none, the page's own example one.
  outputs: between(0, 1),
  configuration: {
    ProductId: { required: true },
    TemplateFilePath: {},
    ProductVersionName: {},
    ProductType: {},
    ProductVersionDescription: {},
    ConfigurationFilePath: {},
  },
  variables: [],
  refusedLocally: true,
  check,
  needs: (around) => {
    const { role, account, region, value } = around
    const id = value('ProductId')
    const because = `to make a version of the product ${id}`
    return [
      ...needAll(role, OPERATIONS, formatArn('catalog', region, account, `product/${id}`), because),
      ...needAll(role, ['cloudformation:ValidateTemplate'], '*', because),
      ...inputNeeds(around),
    ]
  },
}

function check({ configuration = {} }: ActionDeclaration): string[] {
  if (configuration.ConfigurationFilePath) return []
  return ['TemplateFilePath', 'ProductVersionName', 'ProductType'].flatMap((key) =>
    configuration[key] ? [] : [`${key} is required without ConfigurationFilePath`],
  )
}
