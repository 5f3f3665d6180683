/** The API: repositories, branches, commits, files, differences, triggers. */
import { createServer } from 'node:http'
import {
  BatchGetCommitsCommand,
  BatchGetRepositoriesCommand,
  CodeCommitClient,
  CreateBranchCommand,
  CreateCommitCommand,
  CreateRepositoryCommand,
  DeleteBranchCommand,
  DeleteFileCommand,
  DeleteRepositoryCommand,
  GetBlobCommand,
  GetBranchCommand,
  GetCommitCommand,
  GetDifferencesCommand,
  GetFileCommand,
  GetFolderCommand,
  GetRepositoryCommand,
  GetRepositoryTriggersCommand,
  ListBranchesCommand,
  ListRepositoriesCommand,
  PutFileCommand,
  PutRepositoryTriggersCommand,
  TestRepositoryTriggersCommand,
  UpdateDefaultBranchCommand,
  UpdateRepositoryDescriptionCommand,
  UpdateRepositoryNameCommand,
} from '@aws-sdk/client-codecommit'
import {
  CreateTopicCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import { describe, expect, it } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'
import { commandLine, hasBoto3 } from '../command-line.ts'

const test = await startTestCloud()
const client = test.client(CodeCommitClient)
const make = (repositoryName: string, tags?: Record<string, string>) =>
  client.send(new CreateRepositoryCommand({ repositoryName, tags }))
const text = (content: Uint8Array | undefined) => Buffer.from(content ?? []).toString()
const bytes = (content: string) => Buffer.from(content)

/** A repository `name` with one commit on main; gives its id. */
async function filled(repositoryName: string, files: Record<string, string> = { 'a.txt': 'a' }) {
  await make(repositoryName)
  const putFiles = Object.entries(files).map(([filePath, content]) => ({
    filePath,
    fileContent: bytes(content),
  }))
  const { commitId } = await client.send(
    new CreateCommitCommand({ repositoryName, branchName: 'main', putFiles, commitMessage: 'First' }),
  )
  return commitId!
}

describe('repositories', () => {
  it('are made, told of, renamed, described, listed and deleted', async () => {
    const { repositoryMetadata } = await make('one')
    expect(repositoryMetadata).toMatchObject({
      accountId: HUB,
      repositoryName: 'one',
      Arn: `arn:aws:codecommit:us-east-1:${HUB}:one`,
      cloneUrlSsh: 'ssh://git-codecommit.us-east-1.amazonaws.com/v1/repos/one',
    })
    await client.send(new UpdateRepositoryNameCommand({ oldName: 'one', newName: 'uno' }))
    await client.send(
      new UpdateRepositoryDescriptionCommand({ repositoryName: 'uno', repositoryDescription: 'Ours' }),
    )
    const found = await client.send(new GetRepositoryCommand({ repositoryName: 'uno' }))
    expect(found.repositoryMetadata).toMatchObject({
      repositoryId: repositoryMetadata?.repositoryId,
      repositoryDescription: 'Ours',
    })
    const batch = await client.send(new BatchGetRepositoriesCommand({ repositoryNames: ['uno', 'one'] }))
    expect([batch.repositories?.length, batch.repositoriesNotFound]).toEqual([1, ['one']])
    const { repositories } = await client.send(new ListRepositoriesCommand({}))
    expect(repositories?.map((one) => one.repositoryName)).toContain('uno')
    await client.send(new DeleteRepositoryCommand({ repositoryName: 'uno' }))
    await expect(client.send(new GetRepositoryCommand({ repositoryName: 'uno' }))).rejects.toMatchObject({
      name: 'RepositoryDoesNotExistException',
    })
    expect((await client.send(new DeleteRepositoryCommand({ repositoryName: 'uno' }))).repositoryId).toBe(
      undefined,
    )
  })

  it.each(['x.git', '..'])('named %s are refused or harmless', async (name) => {
    const made = make(name)
    if (name.endsWith('.git'))
      await expect(made).rejects.toMatchObject({ name: 'InvalidRepositoryNameException' })
    else expect((await made).repositoryMetadata?.repositoryName).toBe(name)
  })

  it('of one name are one', async () => {
    await make('twice')
    await expect(make('twice')).rejects.toMatchObject({ name: 'RepositoryNameExistsException' })
    const [first, second] = await Promise.allSettled([make('race'), make('race')])
    expect([first.status, second.status].sort()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('commits', () => {
  it('are made of files that are put, moved, deleted and given another mode', async () => {
    const first = await filled('files', { 'a.txt': 'a', 'b/c.txt': 'c', 'b/d.txt': 'd' })
    const made = await client.send(
      new CreateCommitCommand({
        repositoryName: 'files',
        branchName: 'main',
        parentCommitId: first,
        authorName: 'Ann <x>\n',
        email: 'ann@example.com',
        putFiles: [
          { filePath: 'e/f.txt', fileContent: bytes('f') },
          { filePath: 'moved.txt', sourceFile: { filePath: 'a.txt', isMove: true } },
        ],
        deleteFiles: [{ filePath: 'b/d.txt' }],
        setFileModes: [{ filePath: 'b/c.txt', fileMode: 'EXECUTABLE' }],
      }),
    )
    const paths = (files?: { absolutePath?: string }[]) => files?.map((one) => one.absolutePath).sort()
    expect([made.filesAdded, made.filesUpdated, made.filesDeleted].map(paths)).toEqual([
      ['e/f.txt', 'moved.txt'],
      ['b/c.txt'],
      ['a.txt', 'b/d.txt'],
    ])
    const { commit } = await client.send(
      new GetCommitCommand({ repositoryName: 'files', commitId: made.commitId }),
    )
    expect(commit).toMatchObject({
      treeId: made.treeId,
      parents: [first],
      author: { name: 'Ann x', email: 'ann@example.com', date: expect.stringMatching(/^\d+ \+0000$/) },
    })
    const { differences } = await client.send(
      new GetDifferencesCommand({
        repositoryName: 'files',
        beforeCommitSpecifier: first,
        afterCommitSpecifier: 'main',
      }),
    )
    expect(differences?.map((one) => [one.changeType, one.afterBlob?.path ?? one.beforeBlob?.path])).toEqual([
      ['D', 'a.txt'],
      ['M', 'b/c.txt'],
      ['D', 'b/d.txt'],
      ['A', 'e/f.txt'],
      ['A', 'moved.txt'],
    ])
    const batch = await client.send(
      new BatchGetCommitsCommand({ repositoryName: 'files', commitIds: [first, '0'.repeat(40)] }),
    )
    expect([batch.commits?.length, batch.errors?.[0]?.errorCode]).toEqual([
      1,
      'CommitIdDoesNotExistException',
    ])
  })

  it('are refused on another parent than the tip, on no branch, and without a change', async () => {
    const first = await filled('tips')
    const put = (parentCommitId: string | undefined, branchName = 'main', content = 'b') =>
      client.send(
        new PutFileCommand({
          repositoryName: 'tips',
          branchName,
          filePath: 'a.txt',
          fileContent: bytes(content),
          parentCommitId,
        }),
      )
    await expect(put(undefined)).rejects.toMatchObject({ name: 'ParentCommitIdRequiredException' })
    await expect(put(first, 'other')).rejects.toMatchObject({ name: 'BranchDoesNotExistException' })
    await expect(put(first, 'main', 'a')).rejects.toMatchObject({ name: 'SameFileContentException' })
    const { commitId } = await put(first)
    await expect(put(first, 'main', 'c')).rejects.toMatchObject({ name: 'ParentCommitIdOutdatedException' })
    const gone = await client.send(
      new DeleteFileCommand({
        repositoryName: 'tips',
        branchName: 'main',
        filePath: 'a.txt',
        parentCommitId: commitId,
      }),
    )
    expect(gone.filePath).toBe('a.txt')
  })

  it.each(['../x', '/', 'a//b', '.git/config', 'a/./b', 'b\0c'])(
    'of the path %j are refused',
    async (filePath) => {
      const repositoryName = `path${Buffer.from(filePath).toString('hex')}`
      await make(repositoryName)
      await expect(
        client.send(
          new PutFileCommand({ repositoryName, branchName: 'main', filePath, fileContent: bytes('x') }),
        ),
      ).rejects.toMatchObject({ name: 'InvalidPathException' })
    },
  )

  it('keep a path a file or a folder', async () => {
    const parentCommitId = await filled('shapes', { 'a/b': 'x', c: 'y' })
    const put = (filePath: string) =>
      client.send(
        new PutFileCommand({
          repositoryName: 'shapes',
          branchName: 'main',
          filePath,
          fileContent: bytes('z'),
          parentCommitId,
        }),
      )
    await expect(put('a')).rejects.toMatchObject({ name: 'FileNameConflictsWithDirectoryNameException' })
    await expect(put('c/d')).rejects.toMatchObject({ name: 'DirectoryNameConflictsWithFileNameException' })
  })
})

describe('files', () => {
  it('and folders are read at a branch, a commit or the default branch', async () => {
    const commitSpecifier = await filled('read', { 'a.txt': 'a', 'b/c/d.txt': 'd', 'b/e.txt': 'e' })
    const file = await client.send(
      new GetFileCommand({ repositoryName: 'read', commitSpecifier, filePath: '/b/c/d.txt' }),
    )
    expect([text(file.fileContent), file.fileMode, file.fileSize]).toEqual(['d', 'NORMAL', 1])
    const blob = await client.send(new GetBlobCommand({ repositoryName: 'read', blobId: file.blobId }))
    expect(text(blob.content)).toBe('d')
    const folder = await client.send(new GetFolderCommand({ repositoryName: 'read', folderPath: 'b' }))
    expect(folder.subFolders?.map((one) => [one.absolutePath, one.relativePath])).toEqual([['b/c', 'c']])
    expect(folder.files?.map((one) => one.absolutePath)).toEqual(['b/e.txt'])
    const root = await client.send(new GetFolderCommand({ repositoryName: 'read', folderPath: '/' }))
    expect(root.files?.map((one) => one.absolutePath)).toEqual(['a.txt'])
    for (const filePath of ['b', 'nowhere', 'b/'])
      await expect(
        client.send(new GetFileCommand({ repositoryName: 'read', filePath })),
      ).rejects.toMatchObject({ name: 'FileDoesNotExistException' })
  })

  it.each(['--help', 'main:a.txt', 'main~1', 'HEAD^{tree}', '@{-1}', 'refs/heads/', ':/First'])(
    'are not read at %j',
    async (commitSpecifier) => {
      const name = `at${Buffer.from(commitSpecifier).toString('hex')}`
      await filled(name)
      await expect(
        client.send(new GetFileCommand({ repositoryName: name, commitSpecifier, filePath: 'a.txt' })),
      ).rejects.toMatchObject({ name: 'CommitDoesNotExistException' })
    },
  )
})

describe('branches', () => {
  it('are made, told of, listed and deleted, but for the default one', async () => {
    const repositoryName = 'branches'
    const commitId = await filled(repositoryName)
    const branch = (branchName: string) =>
      client.send(new CreateBranchCommand({ repositoryName, branchName, commitId }))
    await branch('feature/x')
    await expect(branch('feature/x')).rejects.toMatchObject({ name: 'BranchNameExistsException' })
    for (const name of ['-x', 'a..b', 'a b', 'x.lock', '@', 'a^', commitId])
      await expect(branch(name)).rejects.toMatchObject({ name: 'InvalidBranchNameException' })
    expect((await client.send(new ListBranchesCommand({ repositoryName }))).branches).toEqual([
      'feature/x',
      'main',
    ])
    await expect(
      client.send(new DeleteBranchCommand({ repositoryName, branchName: 'main' })),
    ).rejects.toMatchObject({ name: 'DefaultBranchCannotBeDeletedException' })
    await client.send(new UpdateDefaultBranchCommand({ repositoryName, defaultBranchName: 'feature/x' }))
    const gone = await client.send(new DeleteBranchCommand({ repositoryName, branchName: 'main' }))
    expect(gone.deletedBranch).toEqual({ branchName: 'main', commitId })
    await expect(
      client.send(new GetBranchCommand({ repositoryName, branchName: 'main' })),
    ).rejects.toMatchObject({ name: 'BranchDoesNotExistException' })
  })
})

describe('triggers', () => {
  it('are kept, tried, and send what happens to a topic', async () => {
    const repositoryName = 'triggered'
    const parentCommitId = await filled(repositoryName)
    const sns = test.client(SNSClient)
    const { TopicArn: destinationArn } = await sns.send(new CreateTopicCommand({ Name: 'pushes' }))
    const messages: Record<string, unknown>[] = []
    const trigger = {
      name: 't',
      destinationArn,
      branches: ['main'],
      events: ['all' as const],
      customData: 'c',
    }
    const failed = await client.send(
      new TestRepositoryTriggersCommand({ repositoryName, triggers: [trigger] }),
    )
    expect(failed.failedExecutions?.[0]?.failureMessage).toMatch(/not authorized to perform: SNS:Publish/i)
    await sns.send(
      new SetTopicAttributesCommand({
        TopicArn: destinationArn,
        AttributeName: 'Policy',
        AttributeValue: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'codecommit.amazonaws.com' },
              Action: 'sns:Publish',
              Resource: destinationArn,
              Condition: { StringEquals: { 'aws:SourceAccount': HUB } },
            },
          ],
        }),
      }),
    )
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += chunk))
      request.on('end', async () => {
        const message = JSON.parse(body)
        messages.push(message)
        if (message.SubscribeURL) await fetch(message.SubscribeURL)
        response.end()
      })
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const { port } = server.address() as { port: number }
    await sns.send(
      new SubscribeCommand({
        TopicArn: destinationArn,
        Protocol: 'http',
        Endpoint: `http://127.0.0.1:${port}/`,
        Attributes: { RawMessageDelivery: 'true' },
      }),
    )
    await test.cloud.settled()
    await client.send(new PutRepositoryTriggersCommand({ repositoryName, triggers: [trigger] }))
    const kept = await client.send(new GetRepositoryTriggersCommand({ repositoryName }))
    expect(kept.triggers).toEqual([trigger])
    expect(
      (await client.send(new TestRepositoryTriggersCommand({ repositoryName, triggers: [trigger] })))
        .successfulExecutions,
    ).toEqual(['t'])
    await client.send(
      new PutFileCommand({
        repositoryName,
        branchName: 'main',
        filePath: 'b',
        fileContent: bytes('b'),
        parentCommitId,
      }),
    )
    await test.cloud.settled()
    server.close()
    expect(messages.at(-1)).toMatchObject({
      Records: [
        {
          codecommit: { references: [{ ref: 'refs/heads/main' }] },
          customData: 'c',
          eventSource: 'aws:codecommit',
          eventSourceARN: `arn:aws:codecommit:us-east-1:${HUB}:triggered`,
          eventTriggerName: 't',
        },
      ],
    })
    await expect(
      client.send(
        new PutRepositoryTriggersCommand({
          repositoryName,
          triggers: [{ ...trigger, destinationArn: 'arn:aws:s3:::b' }],
        }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidRepositoryTriggerDestinationArnException' })
  })
})

it.skipIf(!hasBoto3)(
  'boto3 reads what it wrote (skipped: boto3 is not installed)',
  async () => {
    const printed = await commandLine(test.cloud).python(`
import boto3
c = boto3.client('codecommit')
c.create_repository(repositoryName='py', tags={'a': 'b'})
first = c.put_file(repositoryName='py', branchName='main', fileContent=b'hello', filePath='x/y.txt')
print(c.get_file(repositoryName='py', filePath='x/y.txt')['fileContent'])
print(c.get_branch(repositoryName='py', branchName='main')['branch']['commitId'] == first['commitId'])
arn = c.get_repository(repositoryName='py')['repositoryMetadata']['Arn']
c.tag_resource(resourceArn=arn, tags={'c': 'd'})
c.untag_resource(resourceArn=arn, tagKeys=['a'])
print(c.list_tags_for_resource(resourceArn=arn)['tags'])
`)
    expect(printed.trim().split('\n')).toEqual(["b'hello'", 'True', "{'c': 'd'}"])
  },
  60_000,
)
