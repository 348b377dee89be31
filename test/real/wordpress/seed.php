<?php
// Writes posts of every kind that a digest meets. They are ours: no text is taken from a blog.
require __DIR__ . '/site.php';
require_once getenv('SITE') . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/image.php';
require_once ABSPATH . 'wp-admin/includes/taxonomy.php';
flush_rewrite_rules(false);
wp_delete_post(1, true);
wp_set_current_user(1);
kses_remove_filters();

$physics = wp_create_category('Physics & Light');
$optics = wp_create_category('Optics', $physics);
$news = wp_create_category('News');

function post($fields) {
  return wp_insert_post($fields + ['post_status' => 'publish', 'post_author' => 1]);
}
function picture($name, $caption = '') {
  $image = imagecreatetruecolor(1400, 700);
  imagefill($image, 0, 0, imagecolorallocate($image, 235, 240, 245));
  imagefilledellipse($image, 700, 350, 300, 300, imagecolorallocate($image, 30, 90, 140));
  $file = wp_upload_dir()['path'] . "/$name.png";
  imagepng($image, $file);
  $id = wp_insert_attachment(['post_mime_type' => 'image/png', 'post_title' => $name, 'post_excerpt' => $caption, 'post_status' => 'inherit'], $file);
  wp_update_attachment_metadata($id, wp_generate_attachment_metadata($id, $file));
  update_post_meta($id, '_wp_attachment_image_alt', "A disc, called $name");
  return $id;
}
function paragraph($html) {
  return "<!-- wp:paragraph -->\n<p>$html</p>\n<!-- /wp:paragraph -->\n\n";
}
function figure($id, $caption) {
  $url = wp_get_attachment_url($id);
  return "<!-- wp:image {\"id\":$id,\"sizeSlug\":\"large\"} -->\n<figure class=\"wp-block-image size-large\"><img src=\"$url\" alt=\"A disc\" class=\"wp-image-$id\"/><figcaption class=\"wp-element-caption\">$caption</figcaption></figure>\n<!-- /wp:image -->\n\n";
}

post(['post_title' => 'Tides in a glass', 'post_date' => '2026-06-10 09:00:00', 'post_category' => [$physics], 'tags_input' => ['water'],
  'post_content' => paragraph('A glass of water on a train has tides of its own. They rise at every curve.')
    . paragraph('The height is <code>h = v * v / (g * r)</code>, and a spoon is enough to measure it.')
    . figure(picture('glass'), 'The glass, <em>seen from above</em>.')
    . paragraph('What the spoon showed was not what we expected.')
    . "<!-- wp:more -->\n<!--more-->\n<!-- /wp:more -->\n\n" . paragraph('BEHIND-THE-MARK one.')]);
post(['post_title' => 'Lenses <em>without</em> glass', 'post_date' => '2026-06-09 23:30:00', 'post_category' => [$optics],
  'post_content' => "Hot air bends light as a lens does.\n\nSo does a soap film. <!--more Read how-->\n\nBEHIND-THE-MARK two."]);
$written = post(['post_title' => 'Ampersands &amp; “quotes” – 5 < 6', 'post_date' => '2026-06-08 10:00:00', 'post_category' => [$physics, $news],
  'post_content' => '<p>BODY-BEHIND-AN-EXCERPT</p>', 'post_excerpt' => 'What its author says of it, with <b>bold</b> &amp; an entity.']);
set_post_thumbnail($written, picture('featured', 'A disc <b>again</b>'));
post(['post_title' => 'Behind a password', 'post_date' => '2026-06-07 10:00:00', 'post_category' => [$physics], 'post_password' => 'word', 'post_content' => '<p>PROTECTED-BODY</p>']);
post(['post_title' => 'For us alone', 'post_date' => '2026-06-07 10:00:00', 'post_status' => 'private', 'post_content' => 'PRIVATE-BODY']);
post(['post_title' => 'Not ready', 'post_status' => 'draft', 'post_category' => [$physics], 'post_content' => 'DRAFT-BODY']);
post(['post_title' => 'Planned', 'post_status' => 'future', 'post_date' => '2037-06-20 10:00:00', 'post_category' => [$physics], 'post_content' => 'FUTURE-BODY']);
stick_post(post(['post_title' => 'Read this first', 'post_date' => '2020-01-02 08:00:00', 'post_category' => [$news], 'post_content' => '<p>Sticky and old.</p>']));
post(['post_title' => '', 'post_date' => '2026-06-06 12:00:00', 'post_category' => [$news], 'post_content' => '<p>A note without a title, written on the way to the laboratory and never finished.</p>']);
$one = picture('first'); $two = picture('second');
post(['post_title' => 'Pictures, frames and brackets', 'post_date' => '2026-06-05 12:00:00', 'post_category' => [$optics],
  'post_content' => "[gallery ids=\"$one,$two\"]\n\n[unknown_box colour=\"red\"]inside the box[/unknown_box]\n\nhttps://video.example.org/watch?v=1\n\n<iframe title=\"A talk on light\" src=\"https://www.youtube.com/embed/abcdefg1234\"></iframe>\n\nWords behind [sic] with <code>[not a=shortcode]</code>.<script>alert(1)</script>"]);
$german = post(['post_title' => 'Gezeiten im Glas', 'post_date' => '2026-06-04 12:00:00', 'post_category' => [$news], 'post_content' => '<p>Ein Glas Wasser im Zug.</p>']);
update_post_meta($german, 'lang', 'de_DE');
post(['post_title' => 'Not in a list', 'post_type' => 'page', 'post_content' => 'PAGE-BODY']);
post(['post_title' => 'A talk on tides', 'post_type' => 'talk', 'post_date' => '2026-06-03 12:00:00', 'post_category' => [$physics], 'post_content' => '<p>Slides and words.</p>']);
for ($i = 0; $i < 115; $i++) post(['post_title' => "Old note $i", 'post_date' => date('Y-m-d H:i:s', strtotime('2024-01-01 10:00:00') + $i * 5 * 86400), 'post_category' => [$news], 'post_content' => "<p>Old note number $i.</p>"]);
echo WP_Application_Passwords::create_new_application_password(1, ['name' => 'digest'])[0];
