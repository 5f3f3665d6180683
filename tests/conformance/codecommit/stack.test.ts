/** AWS::CodeCommit::Repository in a stack: with code out of S3, renamed, and deleted. */
import { CodeCommitClient, GetBranchCommand, GetFileCommand } from '@aws-sdk/client-codecommit'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { expect, it } from 'vitest'
import { pack } from '../../../src/cloud/machine/archive.ts'
import { HUB, startTestCloud } from '../cloud.ts'
import { driveStacks } from '../cloudformation/stack-driver.ts'

const test = await startTestCloud()
const stacks = driveStacks(test)
const commits = test.client(CodeCommitClient)

const template = (properties: object) => ({
  Resources: { Repository: { Type: 'AWS::CodeCommit::Repository', Properties: properties } },
  Outputs: {
    Id: { Value: { Ref: 'Repository' } },
    Arn: { Value: { 'Fn::GetAtt': ['Repository', 'Arn'] } },
    Url: { Value: { 'Fn::GetAtt': ['Repository', 'CloneUrlHttp'] } },
  },
})

it('begins with code, is renamed in place, and goes', async () => {
  const s3 = test.client(S3Client)
  await s3.send(new CreateBucketCommand({ Bucket: 'code' }))
  const Body = await pack([
    { name: 'src/run.sh', content: Buffer.from('true'), mode: 0o755 },
    { name: 'readme.txt', content: Buffer.from('one') },
  ])
  await s3.send(new PutObjectCommand({ Bucket: 'code', Key: 'app.zip', Body }))
  const Code = { S3: { Bucket: 'code', Key: 'app.zip' }, BranchName: 'trunk' }
  await stacks.create('app', template({ RepositoryName: 'app', Code }))
  const made = await stacks.outputs('app')
  expect(made).toMatchObject({
    Id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    Arn: `arn:aws:codecommit:us-east-1:${HUB}:app`,
    Url: `${test.cloud.endpoint}/_codecommit/us-east-1/v1/repos/app`,
  })
  const file = await commits.send(new GetFileCommand({ repositoryName: 'app', filePath: 'src/run.sh' }))
  expect([Buffer.from(file.fileContent!).toString(), file.fileMode]).toEqual(['true', 'EXECUTABLE'])
  const { branch } = await commits.send(new GetBranchCommand({ repositoryName: 'app', branchName: 'trunk' }))
  expect(branch?.commitId).toBe(file.commitId)

  await stacks.update('app', template({ RepositoryName: 'app2', RepositoryDescription: 'x' }))
  expect((await stacks.outputs('app')).Id).toBe(made.Id)
  await commits.send(new GetFileCommand({ repositoryName: 'app2', filePath: 'readme.txt' }))
  await stacks.remove('app')
  await expect(
    commits.send(new GetFileCommand({ repositoryName: 'app2', filePath: 'readme.txt' })),
  ).rejects.toMatchObject({ name: 'RepositoryDoesNotExistException' })
})
