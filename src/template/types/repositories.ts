/** What repositories, connections and replicated keys are known by. */
import type { TypeTable } from './type-facts.ts'

export const repositories: TypeTable = {
  'AWS::CodeCommit::Repository': {
    name: { property: 'RepositoryName' },
    arn: 'arn:aws:codecommit:{region}:{account}:{name}',
    attributes: { Name: '{name}' },
  },
  'AWS::CodeConnections::Connection': {
    name: { made: 'by-aws' },
    arn: 'arn:aws:codeconnections:{region}:{account}:connection/{name}',
    ref: '{arn}',
    attributes: { ConnectionArn: '{arn}' },
    replacedBy: ['ConnectionName', 'ProviderType', 'HostArn'],
  },
  'AWS::KMS::ReplicaKey': {
    name: { made: 'by-aws' },
    arn: 'arn:aws:kms:{region}:{account}:key/{name}',
    ref: '{name}',
    attributes: { KeyId: '{name}' },
  },
}
