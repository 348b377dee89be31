<?php
// What plug-ins add to a blog: a type of post of its own, and the language of a post as Polylang gives it.
add_action('init', function () {
  register_post_type('talk', ['public' => true, 'label' => 'Talks', 'show_in_rest' => true, 'rest_base' => 'talks', 'taxonomies' => ['category'], 'supports' => ['title', 'editor', 'excerpt', 'author']]);
});
add_action('rest_api_init', function () {
  register_rest_field('post', 'lang', ['get_callback' => fn ($post) => get_post_meta($post['id'], 'lang', true) ?: 'en']);
});
