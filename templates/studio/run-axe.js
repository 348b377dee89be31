// Runs axe in the frame of a mail and reports its findings to the page around it.
async function check() {
  // A mail has no landmarks: they belong to the mail client.
  const rules = { region: { enabled: false }, 'landmark-one-main': { enabled: false } };
  const { violations } = await axe.run(document, { resultTypes: ['violations'], rules });
  const findings = violations.map(({ id, help, impact, nodes }) => ({
    id,
    help,
    impact,
    html: nodes.map((node) => node.html),
  }));
  parent.postMessage({ axe: findings }, location.origin);
}

check().catch((error) =>
  parent.postMessage({ axe: [{ id: 'failed', help: String(error), impact: 'axe', html: [] }] }, location.origin),
);
