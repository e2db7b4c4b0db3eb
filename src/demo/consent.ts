/**
 * Goes through a consent as a browser does: opens the platform's page (which approves by itself in the
 * demo) and follows it back to the hub's callback. Throws when the hub does not accept it.
 */
export async function giveConsent(authorizationUrl: string): Promise<void> {
  let url = authorizationUrl
  for (let hops = 0; hops < 5; hops++) {
    const answer = await fetch(url, { redirect: 'manual' })
    const next = answer.headers.get('location')
    if (answer.status >= 300 && answer.status < 400 && next) {
      url = new URL(next, url).href
      continue
    }
    if (answer.ok) return
    const said = (await answer.text())
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim()
    throw new Error(
      `demo: connecting failed at ${new URL(url).pathname} (${answer.status}): ${said.slice(0, 300)}`,
    )
  }
  throw new Error('demo: the consent page redirects without end')
}
