/** A template with a change to everything that carries a policy, so that its update calls what an update can call. */
import type { Template, TemplateResource } from '../../src/model/index.ts'

// biome-ignore lint/suspicious/noExplicitAny: templates are trees of anything
type Tree = any

/** Properties that hold the policy of a resource itself. */
const POLICIES = ['KeyPolicy', 'PolicyDocument', 'RepositoryPolicyText', 'ResourcePolicy']
const CARRIERS = [
  'AWS::KMS::Key',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::ECR::Repository',
  'AWS::SecretsManager::ResourcePolicy',
]

/** Changes every policy by its Id and every key by its description, and moves every alias to a second key of the same kind. */
export function touched(template: Template): Template {
  const resources: Record<string, TemplateResource> = {}
  for (const [id, resource] of Object.entries(template.Resources)) {
    resources[id] = CARRIERS.includes(resource.Type) ? changed(resource) : moved(resource)
    if (resource.Type === 'AWS::KMS::Key') resources[next(id)] = resource
  }
  return { ...template, Resources: resources }
}

const next = (id: string): string => `Next${id}`

function changed(resource: TemplateResource): TemplateResource {
  const properties: Tree = structuredClone(resource.Properties ?? {})
  for (const name of POLICIES) if (properties[name]) properties[name] = { Id: 'touched', ...properties[name] }
  if (properties.Description !== undefined) properties.Description = 'touched'
  return { ...resource, Properties: properties }
}

function moved(resource: TemplateResource): TemplateResource {
  if (resource.Type !== 'AWS::KMS::Alias') return resource
  const { TargetKeyId, ...rest } = (resource.Properties ?? {}) as Tree
  const id = TargetKeyId?.Ref ?? TargetKeyId?.['Fn::GetAtt']?.[0]
  return id ? { ...resource, Properties: { ...rest, TargetKeyId: { Ref: next(id) } } } : resource
}
