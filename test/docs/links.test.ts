import { access } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { beforeAll, expect, test } from '@jest/globals'
import { type Page, readPages, repository } from './support/documentation.ts'

let pages: readonly Page[]

beforeAll(async () => {
  pages = await readPages()
})

test('every link within the clone leads somewhere', async () => {
  const broken: string[] = []
  let seen = 0
  for (const { file, links } of pages) {
    for (const link of links.filter((each) => !/^[a-z]+:/.test(each))) {
      seen += 1
      if (!(await leadsSomewhere(file, link))) broken.push(`${file}: ${link}`)
    }
  }
  expect(broken).toEqual([])
  expect(seen).toBeGreaterThan(50)
})

async function leadsSomewhere(from: string, link: string): Promise<boolean> {
  const [path = '', anchor] = link.split('#')
  const file = path === '' ? from : normalize(join(dirname(from), decodeURIComponent(path)))
  if (anchor === undefined) return await exists(file)
  return pages.find((page) => page.file === file)?.anchors.has(decodeURIComponent(anchor)) ?? false
}

async function exists(file: string): Promise<boolean> {
  return await access(join(repository, file)).then(
    () => true,
    () => false,
  )
}
