/** What repositories, connections and replicated keys are known by. */
import { registry, type TypeTable } from './type-facts.ts'

const CODE_COMMIT = 'arn:aws:codecommit:{region}:{account}:{name}'

export const repositories: TypeTable = {
  'AWS::CodeCommit::Repository': {
    ...registry('AWS::CodeCommit::Repository', 'd729621ecf74'),
    name: { property: 'RepositoryName' },
    arn: CODE_COMMIT,
    ref: '{made-up}',
    attributes: {
      Name: '{name}',
      RepositoryId: '{made-up}',
      CloneUrlHttp: 'https://git-codecommit.{region}.{suffix}/v1/repos/{name}',
      CloneUrlSsh: 'ssh://git-codecommit.{region}.{suffix}/v1/repos/{name}',
    },
    grants: [
      {
        on: CODE_COMMIT,
        create: ['codecommit:CreateRepository'],
        read: ['codecommit:GetRepository'],
        update: ['codecommit:UpdateRepositoryName', 'codecommit:UpdateRepositoryDescription'],
        delete: ['codecommit:DeleteRepository'],
        tag: ['codecommit:ListTagsForResource', 'codecommit:TagResource', 'codecommit:UntagResource'],
      },
      { on: '*', delete: ['codecommit:ListRepositories'] },
      {
        on: CODE_COMMIT,
        when: ['Triggers'],
        create: ['codecommit:PutRepositoryTriggers'],
        read: ['codecommit:GetRepositoryTriggers'],
        update: ['codecommit:PutRepositoryTriggers'],
      },
      {
        on: CODE_COMMIT,
        when: ['KmsKeyId'],
        update: ['codecommit:UpdateRepositoryEncryptionKey'],
      },
      { on: CODE_COMMIT, when: ['Code'], create: ['codecommit:CreateCommit'] },
      { on: '{object:Code.S3.Bucket/Code.S3.Key}', when: ['Code'], create: ['s3:GetObject'] },
      {
        on: '{object:Code.S3.Bucket/Code.S3.Key}',
        when: ['Code.S3.ObjectVersion'],
        create: ['s3:GetObjectVersion'],
      },
    ],
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
