import { defineConfig } from 'vitest/config'

// Tests that wait for other processes: whole systems, real clients, the CLI as a command.
const clients = [
  'tests/chaos/chaos.test.ts',
  'tests/journeys/**/*.test.ts',
  'tests/mutation/**/*.test.ts',
  'tests/access-mutation.test.ts',
  'tests/access-cli.test.ts',
  'tests/synth-lint.test.ts',
  'tests/conformance/**/command-line*.test.ts',
  'tests/conformance/browser/*.test.ts',
  'tests/conformance/ecr/clients.test.ts',
  'tests/conformance/ecs/containers.test.ts',
  'tests/conformance/codebuild/images.test.ts',
  'tests/conformance/codepipeline/ecr-build-and-publish.test.ts',
  'tests/conformance/terraform/*.test.ts',
  'tests/conformance/wire/absent-services.test.ts',
  'tests/conformance/wire/botocore.test.ts',
  'tests/conformance/hosts/builds.test.ts',
  'tests/conformance/hosts/custom-resources.test.ts',
  'tests/conformance/lambda/container-images.test.ts',
  'tests/conformance/lambda/python.test.ts',
]

const shared = {
  // The SDK's notice about old Node versions would drown the results.
  env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  testTimeout: 30_000,
  hookTimeout: 30_000,
  // Files of one worker share their modules: loading them anew was two thirds of the suite's time.
  isolate: false,
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'fast',
          include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: clients,
        },
      },
      { test: { ...shared, name: 'clients', include: clients, maxWorkers: 2, sequence: { groupOrder: 1 } } },
    ],
  },
})
